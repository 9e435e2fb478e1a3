// swift-tools-version:6.1
import PackageDescription

// The numeric rooms run hundreds of times slower without the optimiser, and the script worker's ten times: they keep it in debug builds.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "troupe",
    products: [
        .executable(name: "troupe", targets: ["troupe"]),
        .executable(name: "troupe-worker", targets: ["troupe-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    ],
    targets: [
        // Words
        .target(name: "Domain"),

        // Numbers
        .target(name: "Kernels", swiftSettings: optimised),
        .target(name: "Forecasting", dependencies: ["Kernels"], swiftSettings: optimised),

        // Scripts, worker side
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .target(
            name: "CLuaGuard",
            dependencies: ["CLua"],
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]
        ),
        .target(name: "CProcessGuard"),
        .target(name: "ScriptProtocol", swiftSettings: optimised),
        .target(name: "LuaSandbox", dependencies: ["CLuaGuard", "ScriptProtocol"], swiftSettings: optimised),
        .target(
            name: "ScriptAPI",
            dependencies: ["LuaSandbox", "ScriptProtocol", "Kernels"],
            swiftSettings: optimised
        ),
        .executableTarget(
            name: "troupe-worker",
            dependencies: ["ScriptAPI", "ScriptProtocol", "CProcessGuard"],
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]
        ),

        // Scripts, host side
        .target(name: "Workers", dependencies: ["ScriptProtocol", "CProcessGuard"]),
        .target(
            name: "Scripting",
            dependencies: [
                "Workers", "ScriptProtocol", "Decision", "Domain",
                .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),

        // Decisions
        .target(name: "Decision", dependencies: ["Domain"]),

        // Stores
        .target(name: "SQLiteFile", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        .target(
            name: "KPIStore",
            dependencies: ["SQLiteFile", "Domain", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(
            name: "StateStore",
            dependencies: ["SQLiteFile", "Domain", .product(name: "GRDB", package: "GRDB.swift")]
        ),

        // The loop and its simulated world
        .target(
            name: "Control",
            dependencies: ["Scripting", "ScriptProtocol", "Decision", "Forecasting", "StateStore", "Domain"]
        ),
        .target(
            name: "Simulation",
            dependencies: [
                "Control", "Decision", "Forecasting", "Scripting", "Workers", "Domain",
                .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),
        .target(
            name: "PolicyTesting",
            dependencies: ["Simulation", "Control", "Scripting", "ScriptProtocol", "Workers", "Decision", "Domain"]
        ),

        // Entry point
        .executableTarget(
            name: "troupe",
            dependencies: [
                "PolicyTesting", "Simulation", "Control", "Scripting", "ScriptProtocol", "Workers", "Decision",
                "Forecasting", "Domain",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Tests. None depends on `troupe-worker`, which would be linked statically into them: whoever builds the tests builds it too,
        // and it is found beside the runner.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "TestSupport"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "ForecastingTests", dependencies: ["Forecasting", "Kernels", "TestSupport"]),
        .testTarget(name: "ScriptProtocolTests", dependencies: ["ScriptProtocol"]),
        .testTarget(name: "LuaSandboxTests", dependencies: ["LuaSandbox", "ScriptProtocol"]),
        .testTarget(name: "ScriptAPITests", dependencies: ["ScriptAPI", "LuaSandbox", "ScriptProtocol"]),
        .testTarget(name: "WorkersTests", dependencies: ["Workers", "ScriptProtocol"]),
        .testTarget(
            name: "ScriptingTests",
            dependencies: ["Scripting", "Workers", "ScriptProtocol", "Decision", "Domain"]
        ),
        .testTarget(name: "DecisionTests", dependencies: ["Decision", "Domain", "TestSupport"]),
        .testTarget(
            name: "KPIStoreTests",
            dependencies: ["KPIStore", "Domain", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .testTarget(
            name: "StateStoreTests",
            dependencies: ["StateStore", "Domain", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Decision", "Domain", "TestSupport"]),
        .testTarget(
            name: "PolicyTestingTests",
            dependencies: ["PolicyTesting", "Simulation", "Scripting", "Workers", "Domain"]
        ),
        .testTarget(
            name: "TroupeTests",
            dependencies: ["Simulation", "Decision", "TestSupport", "troupe"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    let features = [
        "ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault",
    ]
    target.swiftSettings = (target.swiftSettings ?? []) + features.map { .enableUpcomingFeature($0) }
}
