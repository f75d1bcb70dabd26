package qrate.directory;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who administers the system, and everybody's tokens, as a command has them.
public interface Staff {
    /// The administrators, by name.
    List<Administrator> administrators() throws IOException;

    /// Tokens that have not ended, by holder.
    List<Tokens.Token> tokens() throws IOException;

    /// The newest lines of the audit log that hold a text, in any case; the newest first.
    ///
    /// @param most of them; at most {@link #AUDIT_MAX}
    List<Audit.Numbered> audit(String query, int most) throws IOException;

    /// Most lines of the audit log at once.
    int AUDIT_MAX = 500;

    /// Sessions on the pages that go on, by holder.
    List<SignIns.SignIn> sessions() throws IOException;

    /// The second factor of an administrator (by name) or a mailbox (by address).
    Optional<SecondFactors.Present> secondFactor(String holder) throws IOException;

    /// One who administers the system.
    ///
    /// @param signedIn when last, to the pages; {@link Instant#EPOCH} for never since that is noted
    /// @param recovery where he is sent a link when he has forgotten his password, or empty
    record Administrator(String name, Instant created, Instant signedIn, String recovery) {}
}
