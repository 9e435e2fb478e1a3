// swift-tools-version:6.1
import PackageDescription

let package = Package(
    name: "troupe",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "Domain"),
        .target(name: "KPIStore", dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")]),
        .executableTarget(
            name: "troupe-bench",
            dependencies: ["KPIStore", "Domain", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
        .testTarget(name: "KPIStoreTests", dependencies: ["KPIStore", "Domain", "troupe-bench", .product(name: "GRDB", package: "GRDB.swift")]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    let features = [
        "ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault",
    ]
    target.swiftSettings = (target.swiftSettings ?? []) + features.map { .enableUpcomingFeature($0) }
}
