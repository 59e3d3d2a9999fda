/// An expression as it was written: nodes in one array, each after its parts.
struct Syntax {
    enum Kind {
        case literal(Value)
        /// `isRooted`: written `.name`, which no macro's variable hides.
        case name(String, isRooted: Bool)
        case select(Int, String)
        case index(Int, Int)
        case call(target: Int?, name: String, arguments: [Int])
        case list([Int])
        case map(keys: [Int], values: [Int])
        case unary(Token.Sign, Int)
        /// Arithmetic and relations; `in` is `.membership`.
        case binary(Token.Sign, Int, Int)
        case membership(Int, Int)
        /// `a && b && c` is one node: long chains cost no depth.
        case logic(isAnd: Bool, [Int])
        case conditional(Int, Int, Int)
    }

    struct Node {
        var kind: Kind
        /// Where the node's own sign or name stands, in bytes of the source.
        var offset: Int
        var depth: Int
    }

    /// The greatest depth of a tree, which bounds every recursion over it.
    static let maximumDepth = 200
    /// The greatest nesting of brackets, calls and conditionals.
    static let maximumNesting = 100
    /// The most lists and maps written in one expression, which bounds how deep its values nest.
    static let maximumCollections = 1000
    static let maximumBytes = 32_768

    var nodes: [Node] = []
    var root = 0
}
