package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import qrate.dns.Dns;
import qrate.zone.Ours;

/// Our own name and addresses: forward and backward they must say the same, or others refuse our mail.
record NameCheck(Ours ours, Dns dns) implements Check {
    private static final String AREA = "name";

    /// Names that nobody outside can look up (RFC 2606, 6761, 6762, 8375).
    private static final List<String> PRIVATE =
            List.of(".test", ".example", ".invalid", ".localhost", ".local", ".internal", ".home.arpa", ".lan");

    @Override
    public List<Finding> look() {
        String host = ours.host();
        String rename = "write the full name into control/me";
        if (!host.contains(".")) {
            return List.of(Finding.broken(AREA, "control/me is '" + host + "', which is not a full host name", rename));
        }
        if (isPrivate(host)) {
            return List.of(Finding.doubtful(
                    AREA,
                    "control/me is '" + host + "', a name for tests only: nobody outside can look it up",
                    rename));
        }
        return switch (dns.addresses(host)) {
            case Dns.Answer.Found<InetAddress>(var found) -> found(found);
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ ->
                List.of(Finding.broken(
                        AREA, host + " has no address in DNS: nobody can send us mail", "publish its A record"));
            case Dns.Answer.Failed<InetAddress>(var why) ->
                List.of(Finding.doubtful(AREA, host + ": DNS does not answer: " + why, "look at /etc/resolv.conf"));
        };
    }

    static boolean isPrivate(String name) {
        return PRIVATE.stream().anyMatch(name::endsWith);
    }

    private List<Finding> found(List<InetAddress> published) {
        List<Finding> all = new ArrayList<>();
        List<InetAddress> own = ours.addresses();
        if (!own.isEmpty()) {
            published.stream()
                    .filter(address -> !own.contains(address))
                    .forEach(address -> all.add(Finding.doubtful(
                            AREA,
                            ours.host() + " leads to " + address.getHostAddress() + ", which is not one of ours",
                            "take the record away, or say --address")));
            own.stream()
                    .filter(address -> !published.contains(address))
                    .forEach(address -> all.add(Finding.doubtful(
                            AREA,
                            address.getHostAddress() + " is ours, and " + ours.host() + " does not lead there",
                            "publish its A or AAAA record")));
        }
        for (InetAddress address : own.isEmpty() ? published : own) {
            all.add(backward(address));
        }
        return all;
    }

    private Finding backward(InetAddress address) {
        String text = address.getHostAddress();
        String mend = "ask whoever gave you the address to set its reverse name (PTR) to " + ours.host();
        return switch (dns.names(address)) {
            case Dns.Answer.Found<String>(var names) ->
                names.contains(ours.host())
                        ? Finding.well(AREA, text + " and " + ours.host() + " lead to each other")
                        : Finding.broken(
                                AREA, text + " leads back to " + names.getFirst() + ", not to " + ours.host(), mend);
            case Dns.Answer.NoSuchName<String> _, Dns.Answer.NoData<String> _ ->
                Finding.broken(AREA, text + " has no reverse name (PTR): many servers refuse its mail", mend);
            case Dns.Answer.Failed<String>(var why) ->
                Finding.doubtful(AREA, text + ": DNS does not answer for its reverse name: " + why, "try again");
        };
    }
}
