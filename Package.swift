// swift-tools-version:6.1
import PackageDescription

// The numeric rooms run hundreds of times slower without the optimiser, so they keep it in debug builds too.
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
        .systemLibrary(
            name: "CLua",
            pkgConfig: "lua5.4",
            providers: [.apt(["liblua5.4-dev"])]
        ),
        .target(name: "CLuaGuard", dependencies: ["CLua"]),
        .target(name: "ScriptProtocol"),
        .target(name: "LuaSandbox", dependencies: ["CLuaGuard", "ScriptProtocol"]),
        .target(name: "ScriptAPI", dependencies: ["LuaSandbox", "ScriptProtocol", "Kernels"]),
        .executableTarget(
            name: "troupe-worker",
            dependencies: ["ScriptAPI"],
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]
        ),

        // Scripts, host side
        .target(name: "Workers", dependencies: ["ScriptProtocol"]),
        .target(name: "Scripting", dependencies: [
            "Workers", "ScriptProtocol", "Decision", "Domain", .product(name: "Mustache", package: "swift-mustache"),
        ]),

        // Decisions
        .target(name: "Decision", dependencies: ["Domain"]),

        // Stores
        .target(name: "KPIStore", dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "StateStore", dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")]),

        // The loop and its simulated world
        .target(
            name: "Control",
            dependencies: ["Scripting", "ScriptProtocol", "Decision", "Forecasting", "Domain"]
        ),
        .target(
            name: "Simulation",
            dependencies: [
                "Control", "Decision", "Forecasting", "Scripting", "Workers", "Domain",
                .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),
        .target(name: "PolicyTesting", dependencies: ["Simulation", "Control", "Scripting", "ScriptProtocol", "Workers", "Decision", "Domain"]),

        .executableTarget(name: "scratch", dependencies: ["Simulation", "Scripting", "Workers", "Decision", "Domain"]),
        // Entry point
        .executableTarget(
            name: "troupe",
            dependencies: [
                "PolicyTesting", "Simulation", "Control", "Scripting", "ScriptProtocol", "Workers", "Decision", "Forecasting",
                "Domain",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
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
