import SurveillanceKit

/// What shells complete: commands, actions, options and the values that an option can have.
enum Completion {
    struct Entry {
        var name: String
        var summary: BilingualText
        var manual: Manual
    }

    static let shells = ["bash", "zsh", "fish"]

    static func script(for shell: String, _ entries: [Entry], in language: Language) -> String {
        switch shell {
        case "zsh": zsh(entries, language)
        case "fish": fish(entries, language)
        default: bash(entries)
        }
    }

    private static func bash(_ entries: [Entry]) -> String {
        let cases = entries.map { entry in
            let values = entry.manual.options.filter { !$0.choices.isEmpty }.map {
                "                \($0.name)) words=\"\($0.choices.joined(separator: " "))\" ;;"
            }
            let words = (entry.manual.actions + entry.manual.options.map(\.name) + ["--help"]).joined(separator: " ")
            return """
                        \(entry.name))
                            words="\(words)"
                            case "$previous" in
                \(values.joined(separator: "\n"))
                            esac ;;
                """
        }
        return """
            # bash completion of vedette: source it, or put it into /usr/share/bash-completion/completions/vedette
            _vedette() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words=""
                if [ "$COMP_CWORD" -eq 1 ]; then
                    words="\(entries.map(\.name).joined(separator: " ")) help --help --version"
                elif [ "${COMP_WORDS[1]}" = help ]; then
                    words="\(entries.map(\.name).joined(separator: " "))"
                else
                    case "${COMP_WORDS[1]}" in
            \(cases.joined(separator: "\n"))
                    esac
                fi
                COMPREPLY=($(compgen -W "$words" -- "$current"))
                # Whatever else may stand there is a file.
                if [ "${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
            }
            complete -o filenames -F _vedette vedette

            """
    }

    private static func zsh(_ entries: [Entry], _ language: Language) -> String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("'", with: "'\\''").replacing(":", with: "\\:") + "'"
        }
        func bracketed(_ text: String) -> String {
            text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]")
                .replacing(":", with: "\\:")
        }
        let cases = entries.map { entry in
            let options = entry.manual.options.map { option in
                let value =
                    option.value.map { value in
                        ":\(bracketed(value)):"
                            + (option.choices.isEmpty ? "_files" : "(\(option.choices.joined(separator: " ")))")
                    } ?? ""
                return "            '*\(option.name)[\(bracketed(option.text[language]))]\(value)'"
            }
            let actions = entry.manual.actions
            let first =
                actions.isEmpty ? "'*:file:_files'" : "'1:action:(\(actions.joined(separator: " ")))' '*:file:_files'"
            return """
                        \(entry.name)) _arguments \\
                \(options.joined(separator: " \\\n")) \\
                            '--help' \(first) ;;
                """
        }
        return """
            #compdef vedette
            # zsh completion of vedette: put it into a folder of $fpath as _vedette
            _vedette() {
                local -a commands=(
            \(entries.map { "        " + quoted("\($0.name)") .dropLast() + ":" + bracketed($0.summary[language]) + "'" }.joined(separator: "\n"))
                )
                if (( CURRENT == 2 )); then
                    _describe command commands
                    return
                fi
                local command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            \(cases.joined(separator: "\n"))
                esac
            }
            _vedette "$@"

            """
    }

    private static func fish(_ entries: [Entry], _ language: Language) -> String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        var lines = [
            "# fish completion of vedette: put it into ~/.config/fish/completions/vedette.fish",
            "complete -c vedette -n __fish_use_subcommand -f -l version",
        ]
        for entry in entries {
            lines.append(
                "complete -c vedette -n __fish_use_subcommand -f -a \(entry.name) -d \(quoted(entry.summary[language]))"
            )
            let seen = "-n '__fish_seen_subcommand_from \(entry.name)'"
            for action in entry.manual.actions { lines.append("complete -c vedette \(seen) -a \(action)") }
            for option in entry.manual.options {
                let name = option.name.dropFirst(2)
                let value =
                    option.value == nil
                    ? "" : option.choices.isEmpty ? " -r" : " -x -a \(quoted(option.choices.joined(separator: " ")))"
                lines.append("complete -c vedette \(seen) -l \(name)\(value) -d \(quoted(option.text[language]))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
