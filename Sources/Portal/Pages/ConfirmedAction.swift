/// A button that asks before it does what cannot be undone: it unfolds what follows from it, with the button that does it.
///
/// It works without scripts and by keyboard.
struct ConfirmedAction {
    /// What the first button says.
    var name: String
    /// What follows, in a sentence or two.
    var consequence: String
    /// What the second button says.
    var confirm: String
    var action: SitePath
    /// Hidden fields of the form.
    var fields: [(name: StaticString, value: String)] = []

    func html(_ reader: Reader) -> HTML {
        details(.class("confirm")) {
            summary(text: name)
            form(.post, .action(action)) {
                formToken(reader)
                for field in fields { input(.type("hidden"), .name(field.name), .value(field.value)) }
                p(.class("hint"), text: consequence)
                button(.type("submit"), text: confirm)
            }
        }
    }
}
