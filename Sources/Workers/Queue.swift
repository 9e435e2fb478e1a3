/// First in, first out, at constant cost; and back in front, for what had its turn and lost it.
struct Queue<Item> {
    private var items: [Item?] = []
    private var head = 0

    var count: Int { items.count - head }

    var first: Item? { head < items.count ? items[head] : nil }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func prepend(_ more: [Item]) {
        items.replaceSubrange(0..<head, with: more.map(Optional.some))
        head = 0
    }

    mutating func popFirst() -> Item? {
        guard head < items.count else { return nil }
        let item = items[head].take()
        head += 1
        if head == items.count || head >= 1024 {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    mutating func removeAll() -> [Item] {
        defer {
            items = []
            head = 0
        }
        return items.compactMap(\.self)
    }
}
