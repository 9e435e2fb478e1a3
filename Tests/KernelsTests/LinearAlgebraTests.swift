import Kernels
import TestSupport
import Testing

struct LinearAlgebraTests {
    @Test(arguments: Array(0...35))
    func dotAgreesWithThePlainSum(_ length: Int) {
        let a = gappy(length, seed: 1).map { $0.isNaN ? 0 : $0 }
        let b = gappy(length + 3, seed: 2).map { $0.isNaN ? 0 : $0 }
        let plain = zip(a, b).map(*).reduce(0, +)
        let dot = LinearAlgebra.dot(a.span, b.span)
        #expect(abs(dot - plain) < 1e-8)
    }

    /// Normal equations of a known linear law give the law back.
    @Test(arguments: [1, 2, 5, 16, 29])
    func gramCholeskyAndSolveRecoverCoefficients(_ size: Int) {
        var random = SeededGenerator(seed: 7)
        let truth = (0..<size).map { Double($0) - 2 }
        var gram = Array(repeating: 0.0, count: size * size)
        var side = Array(repeating: 0.0, count: size)
        for _ in 0..<(size * 4) {
            let row = (0..<size).map { _ in Double.random(in: -1...1, using: &random) }
            let target = LinearAlgebra.dot(row.span, truth.span)
            row.withUnsafeBufferPointer { row in
                gram.withUnsafeMutableBufferPointer { LinearAlgebra.accumulate(row, weight: 2, into: $0) }
                side.withUnsafeMutableBufferPointer { LinearAlgebra.add(row, times: 2 * target, to: $0) }
            }
        }
        let solved = gram.withUnsafeMutableBufferPointer { gram in
            guard LinearAlgebra.cholesky(gram, size: size) else { return false }
            side.withUnsafeMutableBufferPointer {
                LinearAlgebra.solve(factor: UnsafeBufferPointer(gram), size: size, into: $0)
            }
            return true
        }
        #expect(solved)
        for (x, y) in zip(side, truth) { #expect(abs(x - y) < 1e-8) }
    }

    @Test func aMatrixWithoutAFactorIsRefused() {
        var singular = [1.0, 0, 1, 1]
        var broken = [Double.nan]
        var short = [1.0]
        #expect(!singular.withUnsafeMutableBufferPointer { LinearAlgebra.cholesky($0, size: 2) })
        #expect(!broken.withUnsafeMutableBufferPointer { LinearAlgebra.cholesky($0, size: 1) })
        #expect(!short.withUnsafeMutableBufferPointer { LinearAlgebra.cholesky($0, size: 2) })
    }
}
