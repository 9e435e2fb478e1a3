/// What every driver keeps to. Errors and the conformance suite name a rule by its word.
package enum DriverRule: String, Hashable, Sendable, CaseIterable, Codable {
    case shape = "answers-have-their-shape"
    case sizes = "sizes-are-bounded"
    case uniqueIDs = "ids-are-unique"
    case knownStates = "states-are-known"
    case countsAddUp = "counts-add-up"
    case pagesAreWhole = "pages-are-whole"
    case fleetsApart = "fleets-stay-apart"
    case stableDescribe = "describe-is-stable"
    case idempotentProvision = "provision-is-idempotent"
    case truthAfterFailure = "failures-leave-the-truth"
    case retireSpares = "retire-spares-the-rest"
    case configureTakes = "configure-takes-hold"
    case inertPrecheck = "precheck-changes-nothing"
    case wrongConfig = "wrong-config-is-explained"
    case capabilitiesHold = "capabilities-hold"

    package var meaning: String {
        switch self {
        case .shape: "every function answers with what it is documented to answer"
        case .sizes: "ids, labels and lists stay within their bounds"
        case .uniqueIDs: "no id stands for two resources"
        case .knownStates: "a resource is starting, ready, draining or gone"
        case .countsAddUp:
            "provision answers for every resource that it was asked for, and describe shows those that it names"
        case .pagesAreWhole: "the pages of describe together show every resource once"
        case .fleetsApart: "a resource is managed by the fleet that created it, and by no other"
        case .stableDescribe: "describe answers the same as long as nothing changes"
        case .idempotentProvision: "a key that was seen starts nothing a second time and answers as it did"
        case .truthAfterFailure:
            "after a call that failed in the middle, describe tells what is there, and making it again completes it"
        case .retireSpares: "retire takes what it is told and nothing else"
        case .configureTakes: "after configure, a resource has the persona, files and configuration that it was given"
        case .inertPrecheck: "precheck has no effect"
        case .wrongConfig: "a target that cannot work is refused with words that name what is wrong with it"
        case .capabilitiesHold: "nothing is reached that needs does not declare"
        }
    }
}
