package qrate.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One envelope recipient.
///
/// @param address the address as given, `local@domain`, without angle brackets; checked by {@link Envelope}
/// @param parameters ESMTP parameters that belong to it, as they stood on the RCPT line separated by one space
///     (RFC 3461 §4.1 and §4.2: `NOTIFY=… ORCPT=…`), or empty
public record Recipient(String address, String parameters) {
    private static final String NOTIFY = "NOTIFY";
    private static final String ORCPT = "ORCPT";
    private static final String SUCCESS = "SUCCESS";

    public Recipient {
        Envelope.check(address);
        Envelope.check(parameters);
    }

    /// A recipient without parameters.
    public static Recipient of(String address) {
        return new Recipient(address, "");
    }

    /// Whether its NOTIFY asks for a kind of report: SUCCESS, FAILURE or DELAY. Without NOTIFY failures and delays are
    /// reported (RFC 3461 §4.1).
    public boolean notifies(String kind) {
        List<String> kinds = kinds();
        return kinds.isEmpty() ? !kind.equals(SUCCESS) : kinds.contains(kind);
    }

    /// The parameters for where a message is sent on to, once success has been reported here (RFC 3461 §5.2).
    public String withoutSuccess() {
        List<String> kinds = new ArrayList<>(kinds());
        if (!kinds.remove(SUCCESS)) {
            return parameters;
        }
        return new Parameters(parameters)
                .replaced(NOTIFY, kinds.isEmpty() ? "NEVER" : String.join(",", kinds))
                .text();
    }

    /// This one for another of the same address as well: reports that either asked for are made, and an ORCPT stays.
    public Recipient with(Recipient other) {
        Set<String> both = new TreeSet<>(reported());
        both.addAll(other.reported());
        Parameters all = new Parameters(parameters);
        if (!both.equals(reported())) {
            all = all.with(NOTIFY, String.join(",", both));
        }
        Optional<String> original = new Parameters(other.parameters).value(ORCPT);
        if (original.isPresent() && !all.has(ORCPT)) {
            all = all.with(ORCPT, original.get());
        }
        return all.text().length() > Envelope.TEXT_BYTES_MAX ? this : new Recipient(address, all.text());
    }

    /// The kinds of reports that are made.
    private Set<String> reported() {
        return Stream.of(SUCCESS, "FAILURE", "DELAY").filter(this::notifies).collect(Collectors.toSet());
    }

    private List<String> kinds() {
        return new Parameters(parameters)
                .value(NOTIFY)
                .map(value -> List.of(value.toUpperCase(Locale.ROOT).split(",", -1)))
                .orElse(List.of());
    }
}
