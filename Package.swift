// swift-tools-version:6.1
import PackageDescription

let package = Package(
    name: "troupe",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "Domain"),
        .target(name: "RemoteWrite"),
        .target(name: "Decision", dependencies: ["Domain"]),
        .target(name: "SQLiteFile", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "KPIStore", dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "StateStore", dependencies: ["Domain", "SQLiteFile", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Control", dependencies: ["Decision", "Domain", "StateStore"], sources: ["Live"]),
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
        .testTarget(name: "StateStoreTests", dependencies: ["StateStore", "SQLiteFile", "Domain", "TestSupport"]),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .executableTarget(name: "serve-scratch", dependencies: ["Server", "Control", "Decision", "Domain", "KPIStore", "StateStore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), .product(name: "UnixSignals", package: "swift-service-lifecycle"),]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "TestSupport", "Server", "Control", "Decision", "Domain", "KPIStore", "RemoteWrite", "StateStore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
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
