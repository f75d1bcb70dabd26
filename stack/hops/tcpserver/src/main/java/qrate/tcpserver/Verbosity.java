package qrate.tcpserver;

/// How much is logged: tcpserver's `-q`, `-Q` and `-v`.
public enum Verbosity {
    /// nothing but what stops the listener
    QUIET,
    /// refusals and errors
    ERRORS,
    /// each connection
    VERBOSE
}
