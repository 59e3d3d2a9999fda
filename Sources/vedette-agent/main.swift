import AgentCore
import Glibc

signal(SIGPIPE, SIG_IGN)
// What the agent writes holds patients' data: for its user and group alone.
umask(0o007)
let status = AgentTool.run(Array(CommandLine.arguments.dropFirst()))
fflush(nil)
exit(status)
