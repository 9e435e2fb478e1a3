import RemoteWrite

/// Makes remote-write requests of readings. The labels of a series are encoded once.
struct BatchEncoder: Sendable {
    private let resource: String
    private var fleet = ""
    private var labelBlocks: [String: [UInt8]] = [:]
    private var encoder = WriteRequestEncoder()

    init(resource: String) {
        self.resource = resource
    }

    static func labels(name: String, fleet: String, resource: String) -> [WireLabel] {
        var labels = [WireLabel(name: "__name__", value: name), WireLabel(name: "instance", value: resource)]
        // A fleet that nobody named is no label: the server knows its resources.
        if !fleet.isEmpty { labels.append(WireLabel(name: "fleet", value: fleet)) }
        return labels
    }

    mutating func body(of readings: [Reading], fleet: String, at wallMs: Int64) -> [UInt8] {
        if fleet != self.fleet || labelBlocks.count > CollectionPlan.mostKPIs {
            labelBlocks.removeAll()
            self.fleet = fleet
        }
        encoder.removeAll()
        for reading in readings {
            let block =
                labelBlocks[reading.name]
                ?? WriteRequestEncoder.labelBlock(Self.labels(name: reading.name, fleet: fleet, resource: resource))
            labelBlocks[reading.name] = block
            encoder.append(
                labelBlock: block,
                samples: CollectionOfOne(WireSample(value: reading.value, timestampMs: wallMs))
            )
        }
        return encoder.compressed()
    }
}
