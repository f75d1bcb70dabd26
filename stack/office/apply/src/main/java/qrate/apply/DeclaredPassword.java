package qrate.apply;

import qrate.directory.Password;

/// What the file says about somebody's password.
sealed interface DeclaredPassword {
    /// Nothing: whoever is made gets one that nobody knows.
    record None() implements DeclaredPassword {}

    /// A password.
    ///
    /// @param always whether it is set anew where it is another; else it counts for whoever is made only
    record Given(Password password, boolean always) implements DeclaredPassword {}
}
