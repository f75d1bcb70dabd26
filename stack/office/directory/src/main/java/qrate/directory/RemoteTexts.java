package qrate.directory;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import qrate.snapshots.Names;

/// What domains say in their own words, by the admin service's REST API.
final class RemoteTexts {
    private RemoteTexts() {}

    /// Where those of a domain, or of the system, are.
    static String path(String domain) {
        return domain.isEmpty() ? "texts" : "domains/" + RemoteDirectory.encode(domain) + "/texts";
    }

    /// Where one is.
    static String path(Edit.SetText edit) {
        return path(edit.domain()) + "/" + edit.wording().word() + "/"
                + edit.language().tag();
    }

    /// The refusal of a domain that would be another path.
    static Optional<Change> bad(String domain) {
        return domain.isEmpty() || Names.domain(domain).isPresent()
                ? Optional.empty()
                : Optional.of(Change.refuse(Refusal.Key.DOMAIN_NAME));
    }

    /// Reads them.
    static DomainTexts read(RemoteDirectory remote, String domain) throws IOException {
        Optional<Map<String, Object>> shape = bad(domain).isPresent() ? Optional.empty() : remote.find(path(domain));
        return shape.isEmpty() ? DomainTexts.NONE : DomainTexts.of(shape.get());
    }
}
