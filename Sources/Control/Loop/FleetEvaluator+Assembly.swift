import Decision
import ScriptProtocol
import Scripting

extension FleetEvaluator {
    static func make(
        for assembly: FleetAssembly,
        forecaster: FleetForecaster,
        states: [String: ScriptValue],
        past: [PastDecision],
        parts: ControlParts
    ) -> FleetEvaluator {
        FleetEvaluator(
            fleet: assembly.fleet,
            personas: assembly.personas,
            policies: assembly.policies.map {
                PolicyRunner(policy: $0, fleet: assembly.fleet, personas: assembly.personas, workers: parts.workers)
            },
            forecaster: forecaster,
            states: states,
            past: past
        )
    }
}
