import Foundation
import TestSupport
import Testing

/// `shop-load` under way: requests at a rate that rises and falls.
struct ShopLoad {
    struct Result: Decodable {
        var sent: Int
        var answered: Int
        var failures: [String: Int]
    }

    static let period = 30.0

    /// When it was fewest, in seconds since 1970.
    let zero: Double
    private let process: ChildProcess
    private let file: String

    init(_ shop: ExampleShop) async throws {
        zero = Date().timeIntervalSince1970
        file = shop.folder.file("load.json")
        process = try await shop.start("shop-load", [shop.url, "--zero", "\(zero)", "--json", file] + Self.pattern)
    }

    static let pattern = ["--low", "\(ExampleShop.low)", "--high", "\(ExampleShop.high)", "--period", "\(period)"]

    /// Requests a second, as the program reckons them.
    func rate(at time: Double) -> Double {
        let turn = 2 * Double.pi * (time - zero) / Self.period
        return ExampleShop.low + (ExampleShop.high - ExampleShop.low) * (1 - cos(turn)) / 2
    }

    /// When, in a rise that begins at `low`, more comes than `count` servers are meant to serve.
    func moment(after low: Double, exceeds count: Int) -> Double? {
        stride(from: low, to: low + Self.period / 2, by: 0.05)
            .first { rate(at: $0) > Double(count) * ExampleShop.capacity }
    }

    /// Ends it; it waits for what is not answered yet.
    func end() async throws -> Result {
        process.send(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(180)
        while process.isRunning {
            try #require(ContinuousClock.now < deadline, "the load does not end")
            try await Task.sleep(for: .milliseconds(20))
        }
        return try JSONDecoder().decode(Result.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }
}
