// swift-tools-version:6.1
import PackageDescription

// The numeric rooms run hundreds of times slower without the optimiser, and the script worker's ten times: they keep it in debug builds.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "troupe",
    products: [
        .executable(name: "troupe", targets: ["troupe"]),
        .executable(name: "troupe-worker", targets: ["troupe-worker"]),
        .executable(name: "troupe-agent", targets: ["troupe-agent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
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
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CSyscallFilter", dependencies: ["CSeccomp"]),
        .target(name: "ScriptProtocol", swiftSettings: optimised),
        .target(name: "LuaSandbox", dependencies: ["CLuaGuard", "ScriptProtocol"], swiftSettings: optimised),
        .target(
            name: "ScriptAPI",
            dependencies: ["LuaSandbox", "ScriptProtocol", "Kernels"],
            swiftSettings: optimised
        ),
        .executableTarget(
            name: "troupe-worker",
            dependencies: ["ScriptAPI", "ScriptProtocol", "CProcessGuard", "CSyscallFilter"],
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]
        ),

        // Scripts, host side
        .target(name: "Workers", dependencies: ["ScriptProtocol", "CProcessGuard"]),
        .target(name: "SandboxTesting", dependencies: ["Workers", "ScriptProtocol"]),
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

        // Plugins of vendors
        .target(
            name: "Drivers",
            dependencies: [
                "Scripting", "Workers", "ScriptProtocol", "CProcessGuard", "Domain",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),

        // The agent, and the wire it shares with the server
        .target(name: "RemoteWrite"),
        .target(
            name: "Agent",
            dependencies: [
                "RemoteWrite",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .executableTarget(
            name: "troupe-agent",
            dependencies: ["Agent"],
            linkerSettings: [
                .unsafeFlags(
                    ["-static-executable", "-use-ld=lld"]
                        + ["--gc-sections", "--no-export-dynamic", "--exclude-libs", "ALL", "-s"]
                        .flatMap { ["-Xlinker", $0] }
                )
            ]
        ),

        // The loop and its simulated world
        .target(
            name: "Control",
            dependencies: [
                "Drivers", "Scripting", "ScriptProtocol", "Workers", "Decision", "Forecasting", "StateStore",
                "KPIStore", "Domain",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(
            name: "Simulation",
            dependencies: [
                "Control", "Drivers", "Decision", "Forecasting", "Scripting", "Workers", "KPIStore", "Domain",
                .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),
        .target(
            name: "PolicyTesting",
            dependencies: ["Simulation", "Control", "Scripting", "ScriptProtocol", "Workers", "Decision", "Domain"]
        ),

        // HTTP
        .target(
            name: "Server",
            dependencies: [
                "Control", "Decision", "Domain", "KPIStore", "RemoteWrite", "StateStore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Benchmarks
        .executableTarget(
            name: "troupe-bench",
            dependencies: [
                "Control", "Drivers", "Simulation", "Scripting", "Workers", "Decision", "Forecasting", "KPIStore",
                "StateStore", "RemoteWrite", "Domain",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),

        // Entry point
        .executableTarget(
            name: "troupe",
            dependencies: [
                "Server", "PolicyTesting", "SandboxTesting", "Simulation", "Control", "Drivers", "Scripting",
                "ScriptProtocol", "Workers", "Decision",
                "Forecasting", "KPIStore", "StateStore", "Domain",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),

        // Tests. None depends on `troupe-worker`, which would be linked statically into them: whoever builds the tests builds it too,
        // and it is found beside the runner.
        .target(
            name: "TestSupport",
            dependencies: [
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "TestSupport"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "ForecastingTests", dependencies: ["Forecasting", "Kernels", "TestSupport"]),
        .testTarget(
            name: "ScriptProtocolTests",
            dependencies: ["ScriptProtocol", "TestSupport"],
            swiftSettings: optimised
        ),
        // Our library beside the real one, call for call.
        .target(
            name: "GuardTrials",
            dependencies: ["CLuaGuard", "CLua"],
            path: "Tests/GuardTrials",
            cSettings: [
                .headerSearchPath("../../Sources/CLuaGuard"), .unsafeFlags(["-O2"], .when(configuration: .debug)),
            ]
        ),
        .testTarget(
            name: "LuaSandboxTests",
            dependencies: ["LuaSandbox", "ScriptProtocol", "GuardTrials", "TestSupport"]
        ),
        .testTarget(name: "ScriptAPITests", dependencies: ["ScriptAPI", "LuaSandbox", "ScriptProtocol"]),
        .testTarget(
            name: "WorkersTests",
            dependencies: ["Workers", "SandboxTesting", "ScriptProtocol", "TestSupport"]
        ),
        .testTarget(
            name: "ScriptingTests",
            dependencies: ["TestSupport", "Scripting", "Workers", "ScriptProtocol", "Decision", "Domain"]
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
        .testTarget(name: "RemoteWriteTests", dependencies: ["RemoteWrite", "TestSupport"]),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "Agent", "RemoteWrite", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "DriversTests",
            dependencies: [
                "Drivers", "Simulation", "Control", "Scripting", "Workers", "ScriptProtocol", "Domain", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ControlTests",
            dependencies: [
                "Control", "Drivers", "Simulation", "Scripting", "Workers", "Decision", "Forecasting", "StateStore",
                "KPIStore", "Domain",
                "TestSupport",
            ]
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "Control", "Decision", "Domain", "TestSupport"]
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "TestSupport", "Server", "Control", "Decision", "Domain", "KPIStore", "RemoteWrite", "StateStore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "PolicyTestingTests",
            dependencies: ["PolicyTesting", "Simulation", "Scripting", "Workers", "Domain"]
        ),
        .testTarget(
            name: "TroupeTests",
            dependencies: [
                "Server", "Control", "Simulation", "Scripting", "Workers", "StateStore", "KPIStore", "Decision",
                "Domain",
                "TestSupport", "troupe",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
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
