#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The few transcendental functions that numeric rooms need, so that they import nothing but this one.
package enum Elementary {
    package static func log(_ x: Double) -> Double { platformLog(x) }
    package static func exp(_ x: Double) -> Double { platformExp(x) }
    package static func cos(_ x: Double) -> Double { platformCos(x) }
    package static func sin(_ x: Double) -> Double { platformSin(x) }
}

// Inside the type its own members hide the platform's functions of the same name.
private func platformLog(_ x: Double) -> Double { log(x) }
private func platformExp(_ x: Double) -> Double { exp(x) }
private func platformCos(_ x: Double) -> Double { cos(x) }
private func platformSin(_ x: Double) -> Double { sin(x) }
