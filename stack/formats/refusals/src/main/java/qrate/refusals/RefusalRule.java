package qrate.refusals;

import java.util.List;
import java.util.Optional;

/// A line of the table.
///
/// @param provider whose replies it is for; empty for anybody's
/// @param statuses which enhanced status codes; empty for any, and none too
/// @param phrases all of which the reply must have; maybe none
record RefusalRule(
        Optional<MailProvider> provider, List<Statuses> statuses, List<String> phrases, RefusalKind kind, Words said) {
    /// @param meaning a sentence
    /// @param action a sentence
    record Words(String meaning, String action) {}

    /// Status codes, with `x` for either class.
    ///
    /// @param family `4`, `5` or `x`
    /// @param subject the second number
    /// @param from the least third number
    /// @param to the greatest
    record Statuses(char family, int subject, int from, int to) {
        boolean have(String status) {
            String[] numbers = status.split("\\.", -1);
            if (numbers.length != 3 || Integer.parseInt(numbers[1]) != subject) {
                return false;
            }
            int detail = Integer.parseInt(numbers[2]);
            return (family == 'x' || status.charAt(0) == family) && detail >= from && detail <= to;
        }
    }

    boolean fits(RemoteReply reply, MailProvider whose) {
        return (provider.isEmpty() || provider.get() == whose)
                && (statuses.isEmpty() || statuses.stream().anyMatch(some -> some.have(reply.status())))
                && phrases.stream().allMatch(reply.words()::contains);
    }
}
