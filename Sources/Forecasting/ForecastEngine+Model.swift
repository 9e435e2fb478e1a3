import Kernels

extension ForecastEngine {
    /// The ways to forecast a step ahead.
    enum Model: Int, CaseIterable {
        case smoothing
        case seasonalNaive
        case localRidge
        case ridge

        /// Errors kept for quantiles: the model that nearly always speaks keeps the most.
        var window: Int { self == .ridge ? 1000 : 256 }

        /// Factor on the loss that models are compared by.
        ///
        /// Another model must be clearly better to take the ridge's place: changing minds costs starts and stops.
        var advantage: Double { self == .ridge ? 0.9 : 1 }
    }

    /// Weights of the models `ahead` steps on, summing to 1.
    func mix(ahead: Int) -> SIMD4<Double> {
        var losses = SIMD4<Double>.zero
        for model in Model.allCases {
            losses[model.rawValue] = tracks[model.rawValue].loss[ahead - 1] * model.advantage
        }
        let best = losses.min()
        guard best > 0, best.isFinite else {
            // Some model never erred: among those that did not, the last one stands for all.
            var only = SIMD4<Double>.zero
            for model in Model.allCases.reversed() where losses[model.rawValue] <= 0 {
                only[model.rawValue] = 1
                return only
            }
            only[Model.ridge.rawValue] = 1
            return only
        }
        var weights = SIMD4<Double>.zero
        for i in 0..<4 { weights[i] = Elementary.exp(60 * Elementary.log(best / losses[i])) }
        return weights / weights.sum()
    }
}
