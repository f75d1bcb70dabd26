package qrate.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import qrate.dns.Dns;
import qrate.signer.HeldKey;
import qrate.signer.KeyHolder;
import qrate.zone.Ours;

/// Whether the records of the keys that each domain's mail is signed with stand in DNS; the signer is told, so that a
/// key signs from when its record was seen here.
record DkimCheck(Ours ours, Dns dns, KeyHolder signer) implements Check {
    private static final String AREA = "dkim";

    @Override
    public List<Finding> look() throws IOException {
        return DomainLooks.of(ours, this::domain);
    }

    private List<Finding> domain(String domain) throws IOException {
        List<HeldKey> keys = NameCheck.isPrivate(domain) ? List.of() : signer.keys(domain);
        return keys.isEmpty() ? List.of() : List.of(domain(domain, keys));
    }

    private Finding domain(String domain, List<HeldKey> keys) throws IOException {
        List<String> missing = new ArrayList<>();
        boolean signed = false;
        for (HeldKey key : keys) {
            switch (dns.texts(key.place())) {
                case Dns.Answer.Failed<String>(var why) -> {
                    return Finding.doubtful(
                            AREA, domain + ": DNS does not answer for " + key.place() + ": " + why, "try again");
                }
                case Dns.Answer.Found<String>(var found)
                when found.stream().anyMatch(key::isPublishedBy) -> {
                    signed = true;
                    if (key.state() == HeldKey.State.WAITS) {
                        signer.seen(key.key(), true);
                    }
                }
                case Dns.Answer.Found<String> _, Dns.Answer.NoData<String> _, Dns.Answer.NoSuchName<String> _ -> {
                    missing.add(key.place());
                    if (key.state() == HeldKey.State.SIGNS) {
                        return Finding.broken(
                                AREA,
                                domain + ": mail is signed with a key whose record is not in DNS: " + key.place(),
                                tell(domain));
                    }
                }
            }
        }
        if (!signed) {
            return Finding.doubtful(
                    AREA,
                    domain + ": none of its DKIM records is in DNS, so that its mail goes unsigned: large providers"
                            + " refuse or hide it",
                    tell(domain));
        }
        return missing.isEmpty()
                ? Finding.well(AREA, domain + ": its mail is signed, and the DKIM records are in DNS")
                : Finding.doubtful(AREA, domain + ": not in DNS: " + String.join(", ", missing), tell(domain));
    }

    private static String tell(String domain) {
        return "./qrate dns " + domain + " lists what to publish";
    }
}
