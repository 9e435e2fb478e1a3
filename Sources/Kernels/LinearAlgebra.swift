// For the square root: the instruction, or libm where the compiler asks for it.
#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Dense vectors and small symmetric matrices, row-major.
package enum LinearAlgebra {
    /// Σ a·b over the shorter of both.
    package static func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in dot(a, b) } }
    }

    /// Σ a·b over the shorter of both.
    package static func dot(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
        let n = Swift.min(a.count, b.count)
        var lanes0 = SIMD8<Double>.zero
        var lanes1 = SIMD8<Double>.zero
        let body = n & ~15
        for i in stride(from: 0, to: body, by: 16) {
            lanes0 += load8(a, i) * load8(b, i)
            lanes1 += load8(a, i + 8) * load8(b, i + 8)
        }
        var sum = (lanes0 + lanes1).sum()
        for i in body..<n { sum += a[i] * b[i] }
        return sum
    }

    /// `target += scale × x` over the shorter of both.
    package static func add(
        _ x: UnsafeBufferPointer<Double>,
        times scale: Double,
        to target: UnsafeMutableBufferPointer<Double>
    ) {
        let n = Swift.min(x.count, target.count)
        for i in 0..<n { target[i] += scale * x[i] }
    }

    /// Adds `weight × row·rowᵀ` to the lower triangle of `gram` (`row.count` × `row.count`).
    ///
    /// O(n²).
    package static func accumulate(
        _ row: UnsafeBufferPointer<Double>,
        weight: Double,
        into gram: UnsafeMutableBufferPointer<Double>
    ) {
        let n = row.count
        guard gram.count >= n * n else { return }
        for i in 0..<n {
            let scale = weight * row[i]
            if scale == 0 { continue }
            let line = i * n
            for j in 0...i { gram[line + j] += scale * row[j] }
        }
    }

    /// Factors a symmetric positive definite matrix in place, `A = L·Lᵀ`, reading and writing the lower triangle.
    ///
    /// O(n³/6).
    ///
    /// - Returns: false where the matrix is not positive definite to working precision; its content is then undefined.
    package static func cholesky(_ matrix: UnsafeMutableBufferPointer<Double>, size n: Int) -> Bool {
        guard n >= 0, matrix.count >= n * n else { return false }
        for i in 0..<n {
            for j in 0...i {
                var sum = matrix[i * n + j]
                for k in 0..<j { sum -= matrix[i * n + k] * matrix[j * n + k] }
                if i == j {
                    guard sum > 0, sum.isFinite else { return false }
                    matrix[i * n + i] = sum.squareRoot()
                } else {
                    matrix[i * n + j] = sum / matrix[j * n + j]
                }
            }
        }
        return true
    }

    /// Solves `L·Lᵀ·x = b` in place, `factor` from `cholesky`.
    ///
    /// O(n²).
    package static func solve(
        factor: UnsafeBufferPointer<Double>,
        size n: Int,
        into b: UnsafeMutableBufferPointer<Double>
    ) {
        guard n > 0, factor.count >= n * n, b.count >= n else { return }
        for i in 0..<n {
            var sum = b[i]
            for k in 0..<i { sum -= factor[i * n + k] * b[k] }
            b[i] = sum / factor[i * n + i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            var sum = b[i]
            for k in (i + 1)..<n { sum -= factor[k * n + i] * b[k] }
            b[i] = sum / factor[i * n + i]
        }
    }
}
