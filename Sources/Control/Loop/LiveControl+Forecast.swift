package import Domain
package import Forecasting
package import Scripting

extension LiveControl {
    /// Quantiles of a fleet's demand from now to `ahead`, as its model sees them; nil while nothing is known, or in the moment of an
    /// evaluation.
    package func forecast(of fleet: String, through ahead: TimeSpan) throws(ControlError) -> DemandForecast? {
        try lane(fleet).forecast(through: ahead)
    }

    /// The scripts that are in force.
    package func workspaceInForce() throws(ControlError) -> Workspace { try workspace().workspace }
}
