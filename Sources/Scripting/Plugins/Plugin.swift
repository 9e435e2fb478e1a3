package import ScriptProtocol

/// A driver that is a script, `plugins/NAME/plugin.lua`: what it says of itself. What it does is asked of a worker, call by call.
package struct Plugin: Hashable, Sendable {
    package var name: String
    /// The vendor's own, as written.
    package var version: String
    /// The version of the API that it was written for.
    package var api: Int
    package var needs: PluginNeeds
    /// What a fleet's `target` may say, sorted by name.
    package var config: [ConfigKey]
    package var abilities: Set<PluginAbility>
    /// The functions that it has.
    package var functions: Set<PluginFunction>
    package var script: ScriptSource

    package init(
        name: String,
        version: String,
        api: Int = Plugin.currentAPI,
        needs: PluginNeeds = PluginNeeds(),
        config: [ConfigKey] = [],
        abilities: Set<PluginAbility> = [],
        functions: Set<PluginFunction>,
        script: ScriptSource
    ) {
        self.name = name
        self.version = version
        self.api = api
        self.needs = needs
        self.config = config.sorted { $0.name < $1.name }
        self.abilities = abilities
        self.functions = functions
        self.script = script
    }

    package static let currentAPI = 1

    /// What a driver uses in place of a library that it does not have.
    static func instead(of name: String) -> String {
        switch name {
        case "os.time", "os.clock": "host.now() answers the time, in seconds since 1970"
        case "os.date": "host.time.format(seconds) writes a time, host.now() answers it"
        case "os.getenv": "a secret is asked of host.secret(name), all else is a key of config"
        case "os.execute", "io.popen": "host.exec { command = … } runs a program"
        case "os.remove", "os.rename", "os.tmpname": "host.file reads, writes and removes files of the state folder"
        case _ where name.hasPrefix("io."): "host.file reads and writes files, host.log writes to the log"
        default: "a driver has its host, and Lua's string, table, math and utf8"
        }
    }

    package var interface: DriverInterface { DriverInterface(name: name, keys: config) }
}

/// What Troupe may count on beyond counting and starting.
package enum PluginAbility: String, Hashable, Sendable, CaseIterable {
    /// It retires exactly the resources that are named; else it only knows how many.
    case retireChosen = "retire_chosen"
    case configure
    /// Resources of a fleet may have different personas.
    case mixedPersonas = "mixed_personas"
    case shadow
    case precheck
}

/// The functions of a driver.
package enum PluginFunction: String, Hashable, Sendable, CaseIterable {
    case describe, provision, retire, configure, shadow, precheck

    /// Without these it is no driver.
    package static let required: [PluginFunction] = [.describe, .provision, .retire]

    /// What each of them is given, for the words of an error.
    var form: String {
        switch self {
        case .describe: "describe = function(host, target, page) … end"
        case .precheck: "precheck = function(host, target, plan) … end"
        case .provision, .retire, .configure, .shadow: "\(rawValue) = function(host, target, request) … end"
        }
    }
}
