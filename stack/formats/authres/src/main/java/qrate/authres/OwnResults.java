package qrate.authres;

import java.util.List;
import java.util.Optional;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Wanted;

/// What this host found out about a message when it came, as its header still tells: by the field that stands above
/// the Received field that this host wrote when it took the message from another. All that a stranger wrote stands
/// below that one, a field in our name, too, where nobody removes such fields.
public final class OwnResults {
    /// What of a header tells.
    public static final Wanted WANTED = Wanted.some("authentication-results", "received");

    /// How the lines begin that our queue writes each time that it takes a message (qmail-queue(8)).
    private static final String FROM_INSIDE = "(qmail ";

    private OwnResults() {}

    /// Our field.
    ///
    /// @param header with what is {@link #WANTED}, or with everything
    /// @param me our name, in Unicode or ASCII
    public static Optional<Field> field(Header header, String me) {
        if (header.cut()) {
            return Optional.empty();
        }
        for (Field field : header.fields()) {
            if (field.name().equals("received") && !field.value().startsWith(FROM_INSIDE)) {
                return Optional.empty();
            }
            if (AuthenticationResults.mustGo(field, List.of(me))
                    && results(field).isPresent()) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// What it says.
    ///
    /// @param header with what is {@link #WANTED}, or with everything
    /// @param me our name, in Unicode or ASCII
    public static Optional<AuthenticationResults> of(Header header, String me) {
        return field(header, me).flatMap(OwnResults::results);
    }

    private static Optional<AuthenticationResults> results(Field field) {
        return AuthenticationResults.parse(field.text()) instanceof AuthenticationResults.Found.Good(var results)
                ? Optional.of(results)
                : Optional.empty();
    }
}
