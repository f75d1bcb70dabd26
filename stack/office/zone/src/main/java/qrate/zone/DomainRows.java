package qrate.zone;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.signer.HeldKey;
import qrate.zone.ZoneRow.Kind;
import qrate.zone.clients.Autoconfig;
import qrate.zone.clients.Autodiscover;
import qrate.zone.clients.MailService;

/// The records that a mail domain publishes.
///
/// @param domain in ASCII, lower case
/// @param rows in the order in which they are best made
public record DomainRows(String domain, List<ZoneRow> rows) {
    private static final int SMTP = 25;
    private static final int HTTPS = 443;

    /// What they are made of.
    ///
    /// @param keys that its mail is signed with
    /// @param sts the policy on TLS; none leaves its records out
    /// @param serverKeys SHA-256 of each key that the doors show or will, in hex
    /// @param ca by which name the CA of our certificate is known in CAA
    /// @param dmarcTo who takes reports of DMARC; none for the domain's postmaster
    /// @param tlsTo who takes reports on TLS; none for the domain's postmaster
    public record Parts(
            List<HeldKey> keys,
            Optional<OwnStsPolicy> sts,
            List<String> serverKeys,
            Optional<String> ca,
            Optional<String> dmarcTo,
            Optional<String> tlsTo) {
        /// With the domain's postmaster for all reports.
        public Parts(List<HeldKey> keys, Optional<OwnStsPolicy> sts, List<String> serverKeys, Optional<String> ca) {
            this(keys, sts, serverKeys, ca, Optional.empty(), Optional.empty());
        }

        public Parts {
            keys = List.copyOf(keys);
            serverKeys = List.copyOf(serverKeys);
        }

        /// As control files and the certificate say.
        ///
        /// @throws IOException when one of them cannot be read, or makes no sense
        public static Parts of(Control control, ServerKeys serverKeys, List<HeldKey> keys) throws IOException {
            return new Parts(
                    keys,
                    OwnStsPolicy.of(control),
                    serverKeys.hashes(),
                    CertificateAuthorities.of(control),
                    control.line("dmarcmailbox"),
                    control.line("tlsmailbox"));
        }
    }

    public DomainRows {
        rows = List.copyOf(rows);
    }

    /// @param domain in Unicode or ASCII
    /// @param ours our name, and our addresses: none leaves their records out
    public static DomainRows of(String domain, Ours ours, Parts parts) {
        String own = DomainName.ascii(domain).toLowerCase(Locale.ROOT);
        String us = DomainName.ascii(ours.host()).toLowerCase(Locale.ROOT);
        List<ZoneRow> all = new ArrayList<>(host(own, us, ours.addresses()));
        all.add(ZoneRow.of(Kind.MX, own, "MX", "10 " + us + ".", "mail for the domain comes to us"));
        all.add(ZoneRow.of(
                Kind.SPF,
                own,
                "TXT",
                "v=spf1 mx -all",
                "only we send mail of the domain (add `include:` of whoever else does)"));
        for (HeldKey key : parts.keys()) {
            all.add(ZoneRow.of(Kind.DKIM, key.place(), "TXT", key.record(), why(key.state())));
        }
        String dmarcTo = taker(parts.dmarcTo(), own);
        all.add(ZoneRow.of(
                Kind.DMARC,
                "_dmarc." + own,
                "TXT",
                "v=DMARC1; p=none; rua=mailto:" + dmarcTo,
                "large providers want one (p=quarantine or p=reject once all mail of the domain is signed), and"
                        + " report there who sends in its name"));
        String taker = dmarcTo.substring(dmarcTo.lastIndexOf('@') + 1);
        boolean same = taker.equals(own) || taker.endsWith("." + own) || own.endsWith("." + taker);
        if (!same) {
            all.add(new ZoneRow(
                    Kind.REPORTS_HERE,
                    own + "._report._dmarc." + taker,
                    "TXT",
                    List.of("v=DMARC1"),
                    "others send reports elsewhere only where that agrees",
                    zoneOf(taker, own)));
        }
        parts.sts().ifPresent(policy -> all.addAll(policy(own, us, policy)));
        all.add(ZoneRow.of(
                Kind.TLS_REPORTS,
                "_smtp._tls." + own,
                "TXT",
                "v=TLSRPTv1; rua=mailto:" + taker(parts.tlsTo(), own),
                "others tell when their mail did not come to us by TLS"));
        all.addAll(services(own, us));
        all.addAll(setUp(own, us));
        all.addAll(certificate(own, us, parts));
        return new DomainRows(own, all);
    }

    /// Who takes reports, as a URI has it: its list is parted by commas, and a size stands behind an exclamation mark
    /// (RFC 9989 §4.7, RFC 6068 §2).
    private static String taker(Optional<String> said, String own) {
        String address = said.filter(one -> one.indexOf('@') > 0).orElse("postmaster@" + own);
        int at = address.lastIndexOf('@');
        StringBuilder local = new StringBuilder();
        for (char c : address.substring(0, at).toCharArray()) {
            local.append("%,;!?&#\" ".indexOf(c) < 0 ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return local + "@" + DomainName.ascii(address.substring(at + 1)).toLowerCase(Locale.ROOT);
    }

    private static List<ZoneRow> host(String domain, String host, List<InetAddress> addresses) {
        List<ZoneRow> all = new ArrayList<>();
        Optional<String> where = zoneOf(host, domain);
        for (String type : List.of("A", "AAAA")) {
            List<String> values = addresses.stream()
                    .filter(address -> address instanceof Inet4Address == type.equals("A"))
                    .map(InetAddress::getHostAddress)
                    .toList();
            if (!values.isEmpty()) {
                all.add(new ZoneRow(Kind.ADDRESS, host, type, values, "where we are", where));
            }
        }
        for (InetAddress address : addresses) {
            Name reverse = ReverseMap.fromAddress(address);
            all.add(new ZoneRow(
                    Kind.REVERSE,
                    reverse.toString(true),
                    "PTR",
                    List.of(host + "."),
                    "many servers refuse mail of an address without it",
                    Optional.of("whoever gave you the address")));
        }
        if (!host.equals(domain)) {
            all.add(new ZoneRow(Kind.HOST_SPF, host, "TXT", List.of("v=spf1 a -all"), "bounces are ours too", where));
        }
        return all;
    }

    private static String why(HeldKey.State state) {
        return switch (state) {
            case WAITS -> "mail of the domain is signed with this key from when the record is there";
            case SIGNS -> "mail of the domain is signed with this key";
            case RESTS -> "mail of the last days was signed with this key; it goes when it is no longer listed";
        };
    }

    private static Optional<String> zoneOf(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain)
                ? Optional.empty()
                : Optional.of("the zone of " + host);
    }

    /// The text last: whoever sees it asks for the policy.
    private static List<ZoneRow> policy(String domain, String host, OwnStsPolicy policy) {
        String place = OwnStsPolicy.HOST_PREFIX + domain;
        return List.of(
                ZoneRow.of(
                        Kind.STS_HOST,
                        place,
                        "CNAME",
                        host + ".",
                        "others fetch https://" + place + OwnStsPolicy.PATH + " there, which says that we speak TLS"),
                ZoneRow.of(
                        Kind.STS,
                        "_mta-sts." + domain,
                        "TXT",
                        "v=STSv1; id=" + policy.id(),
                        "the policy is there, and has changed when the id has; publish it once the policy is served"));
    }

    /// How mail programs find us: RFC 6186, RFC 8314 §5.1.
    private static List<ZoneRow> services(String domain, String host) {
        List<ZoneRow> all = new ArrayList<>();
        for (MailService service : MailService.values()) {
            all.add(ZoneRow.of(
                    Kind.SERVICE,
                    "_" + service.word() + "._tcp." + domain,
                    "SRV",
                    (service == MailService.POP3 ? "10 1 " : "0 1 ") + service.port() + " " + host
                            + ".", // TLS from the start is better
                    "mail programs set themselves up"));
        }
        for (String service : List.of("_imap", "_imaps")) {
            all.add(ZoneRow.of(
                    Kind.NO_SERVICE, service + "._tcp." + domain, "SRV", "0 0 0 .", "there is no IMAP here"));
        }
        return all;
    }

    /// Where mail programs that do not look for {@link #services} fetch their settings, by HTTPS.
    private static List<ZoneRow> setUp(String domain, String host) {
        String why = "mail programs fetch their settings there (%s): once a web server answers for the name by HTTPS";
        return List.of(
                ZoneRow.of(
                        Kind.SETUP,
                        Autoconfig.HOST_PREFIX + domain,
                        "CNAME",
                        host + ".",
                        why.formatted("Thunderbird and others")),
                ZoneRow.of(
                        Kind.SETUP,
                        Autodiscover.HOST_PREFIX + domain,
                        "CNAME",
                        host + ".",
                        why.formatted("Outlook and others")),
                ZoneRow.of(
                        Kind.SETUP,
                        "_autodiscover._tcp." + domain,
                        "SRV",
                        "0 1 " + HTTPS + " " + host + ".",
                        "the same by our own name"));
    }

    private static List<ZoneRow> certificate(String domain, String host, Parts parts) {
        List<ZoneRow> all = new ArrayList<>();
        Optional<String> where = zoneOf(host, domain);
        if (!parts.serverKeys().isEmpty()) {
            List<String> values =
                    parts.serverKeys().stream().map(hash -> "3 1 1 " + hash).toList();
            List<Integer> ports = new ArrayList<>(List.of(SMTP));
            Stream.of(MailService.values()).map(MailService::port).forEach(ports::add);
            for (int port : ports) {
                all.add(new ZoneRow(
                        Kind.TLSA,
                        "_" + port + "._tcp." + host,
                        "TLSA",
                        values,
                        "the keys of our certificate, this one and the next: only where the zone is signed (DNSSEC)",
                        where));
            }
        }
        parts.ca()
                .ifPresent(ca -> all.add(new ZoneRow(
                        Kind.CAA,
                        host,
                        "CAA",
                        List.of("0 issue \"" + ca + "\""),
                        "no other CA may give certificates for the name; without it every one may",
                        where)));
        return all;
    }

    /// A zone file's lines (RFC 1035 §5). What stands in another zone is a comment that says whose it is, and what is
    /// optional is one, too.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("; " + domain + ": what to publish for mail");
        for (ZoneRow row : rows) {
            lines.add(
                    "; " + row.why() + row.where().map(w -> " (ask " + w + ")").orElse(""));
            row.lines().forEach(line -> lines.add((row.isComment() ? "; " : "") + line));
        }
        return lines;
    }

    /// For Terraform, octoDNS and scripts: a list of {@link ZoneRow#json}.
    public List<Map<String, Object>> json() {
        return rows.stream().map(ZoneRow::json).toList();
    }
}
