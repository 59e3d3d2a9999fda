extension Language {
    /// The language of the locale: the first variable that is set decides.
    ///
    /// Source: POSIX, Base Definitions, 8.2.
    ///
    /// - Parameter variable: gives a variable of the environment; nil where it is not set.
    public init(localeOf variable: (String) -> String?) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
        self = locale?.hasPrefix("zh") == true ? .zh : .en
    }
}
