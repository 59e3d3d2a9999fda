/// The hidden sheet of the platform's own workbooks, with the codes of their drop-down lists: nothing that anybody reports.
public enum CodeListSheet {
    public static let name = "vedette_lists"
}
