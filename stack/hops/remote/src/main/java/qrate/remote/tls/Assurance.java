package qrate.remote.tls;

import java.util.List;
import qrate.tlsrpt.TlsNote;

/// How sure one must be of a server before mail goes to it, by what its domain says. Control files go before:
/// control/tlshosts and logins ask for more, `never` in control/tlsremote for nothing at all.
public sealed interface Assurance {
    /// What stands of it in a delivery's report: one word, or a few.
    String word();

    /// What the domain had published, as far as that is told in its reports ({@link qrate.tlsrpt.FoundPolicy#text}).
    default String published() {
        return "";
    }

    /// Why TLS is a must, for whoever wonders; empty where it is none.
    String reason();

    /// As sure as control/tlsremote says: any certificate will do.
    record Opportunistic() implements Assurance {
        @Override
        public String word() {
            return "opportunistic";
        }

        @Override
        public String reason() {
            return "";
        }
    }

    /// A certificate for its name, from an authority that is trusted (RFC 8461 §4.1).
    ///
    /// @param domain whose policy names the server
    /// @param published that policy
    record ByPolicy(String domain, String published) implements Assurance {
        @Override
        public String word() {
            return "MTA-STS";
        }

        @Override
        public String reason() {
            return "The policy of " + domain
                    + " (MTA-STS) demands TLS with a certificate that is good for the server's name";
        }
    }

    /// A certificate that fits a TLSA record (RFC 7672).
    ///
    /// @param names that a certificate may be for, where one must be for the server; the first is asked for
    record ByDane(Pins pins, List<String> names) implements Assurance {
        public ByDane {
            names = List.copyOf(names);
        }

        @Override
        public String word() {
            return "DANE";
        }

        @Override
        public String published() {
            return Pins.text(pins.usable());
        }

        @Override
        public String reason() {
            return "The TLSA records of " + names.getFirst() + " (DANE) demand TLS with a certificate that fits them";
        }
    }

    /// A certificate for its name, from an authority that is trusted, since the sender wants a sure way (RFC 8689
    /// §4.2.1) and DNS or a policy vouches for that name.
    record ForSender() implements Assurance {
        @Override
        public String word() {
            return "verified";
        }

        @Override
        public String reason() {
            return "The sender demands TLS with a certificate that is good for the server's name (REQUIRETLS)";
        }
    }

    /// A certificate as {@link ByPolicy} wants it is wished for, and any other will do: what is wrong is told to the
    /// domain, which only tries its policy (RFC 8461 §5, mode testing).
    ///
    /// @param names whether the policy names the server
    /// @param published that policy
    record Tried(boolean names, String published) implements Assurance {
        @Override
        public String word() {
            return TlsNote.TESTING;
        }

        @Override
        public String reason() {
            return "";
        }
    }

    /// As sure as control/tlsremote says, of a server that is no matter of the domain's: a relay, or an address.
    record Relayed() implements Assurance {
        @Override
        public String word() {
            return "relay";
        }

        @Override
        public String reason() {
            return "";
        }
    }

    /// Any certificate will do, or none, since the sender wants no more (RFC 8689 §4.2.2).
    record Waived() implements Assurance {
        @Override
        public String word() {
            return "TLS-Required: No";
        }

        @Override
        public String reason() {
            return "";
        }
    }

    /// TLS, with any certificate: there are TLSA records, and none that is of use here (RFC 7672 §2.2).
    ///
    /// @param name where they stand
    /// @param published the records
    record Encrypted(String name, String published) implements Assurance {
        @Override
        public String word() {
            return "DANE without usable records";
        }

        @Override
        public String reason() {
            return "The TLSA records of " + name + " (DANE) demand TLS";
        }
    }
}
