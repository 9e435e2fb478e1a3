import Kernels

/// Weighted normal equations of one linear regression per step ahead, all with the same columns.
struct NormalEquations {
    let horizon: Int
    let stride: Int
    // Per horizon: stride × stride (lower triangle), stride, 1, 1.
    private var grams: [Double]
    private var sides: [Double]
    private var weights: [Double]
    private var rows: [Int]

    /// Penalty of a standardised coefficient: a share of the rows' weight, plus some rows' worth.
    private static let penaltyShare = 0.01
    private static let penaltyRows = 3.0
    /// Fewer rows than this teach nothing.
    private static let leastRows = 8

    init(horizon: Int, stride: Int) {
        self.horizon = horizon
        self.stride = stride
        grams = Array(repeating: 0, count: horizon * stride * stride)
        sides = Array(repeating: 0, count: horizon * stride)
        weights = Array(repeating: 0, count: horizon)
        rows = Array(repeating: 0, count: horizon)
    }

    /// Takes one row and what it should have given.
    ///
    /// O(stride²).
    mutating func add(_ row: UnsafeBufferPointer<Double>, target: Double, weight: Double, ahead: Int) {
        let k = ahead - 1
        let square = stride * stride
        grams.withUnsafeMutableBufferPointer {
            let gram = UnsafeMutableBufferPointer(rebasing: $0[(k * square)..<((k + 1) * square)])
            LinearAlgebra.accumulate(row, weight: weight, into: gram)
        }
        sides.withUnsafeMutableBufferPointer {
            let side = UnsafeMutableBufferPointer(rebasing: $0[(k * stride)..<((k + 1) * stride)])
            LinearAlgebra.add(row, times: weight * target, to: side)
        }
        weights[k] += weight
        rows[k] += 1
    }

    /// Ridge coefficients of the leading `columns`, the first of which is the unpenalised intercept.
    ///
    /// Horizon × stride; zeros where there are too few rows, or where the matrix has no factor. O(horizon × columns³).
    func coefficients(columns: Int) -> [Double] {
        var result = Array(repeating: 0.0, count: horizon * stride)
        var matrix = Array(repeating: 0.0, count: columns * columns)
        for k in 0..<horizon where rows[k] >= NormalEquations.leastRows {
            let gram = k * stride * stride
            for i in 0..<columns {
                for j in 0...i { matrix[i * columns + j] = grams[gram + i * stride + j] }
            }
            let weight = weights[k]
            let floor = 1e-9 * weight
            matrix[0] += floor
            for i in 1..<columns {
                let mean = matrix[i * columns] / weight
                let variance = max(matrix[i * columns + i] / weight - mean * mean, 1e-9)
                let penalty = NormalEquations.penaltyShare * weight + NormalEquations.penaltyRows
                matrix[i * columns + i] += penalty * variance + floor
            }
            var solution = Array(sides[(k * stride)..<(k * stride + columns)])
            let solved = matrix.withUnsafeMutableBufferPointer { matrix in
                guard LinearAlgebra.cholesky(matrix, size: columns) else { return false }
                solution.withUnsafeMutableBufferPointer {
                    LinearAlgebra.solve(factor: UnsafeBufferPointer(matrix), size: columns, into: $0)
                }
                return true
            }
            guard solved, solution.allSatisfy(\.isFinite) else { continue }
            for i in 0..<columns { result[k * stride + i] = solution[i] }
        }
        return result
    }
}
