package qrate.zone;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Control;

/// The names by which CAs are known in CAA records, as each says in its own words.
final class CertificateAuthorities {
    /// One CA.
    ///
    /// @param name in `control/acme`
    /// @param place how addresses of its directories begin
    /// @param caa its name in CAA
    private record Known(String name, String place, String caa) {}

    private static final List<Known> ALL = List.of(
            new Known("letsencrypt", "https://acme-v02.api.letsencrypt.org/", "letsencrypt.org"),
            new Known("zerossl", "https://acme.zerossl.com/", "sectigo.com"),
            new Known("google", "https://dv.acme-v02.api.pki.goog/", "pki.goog"),
            new Known("buypass", "https://api.buypass.com/", "buypass.com"));

    private CertificateAuthorities() {}

    /// That of the CA which `control/acme` names.
    ///
    /// @return nothing when there is none, or it is not one that is known here
    static Optional<String> of(Control control) throws IOException {
        Optional<String> acme = control.line("acme");
        return ALL.stream()
                .filter(one -> acme.isPresent()
                        && (acme.get().equals(one.name()) || acme.get().startsWith(one.place())))
                .map(Known::caa)
                .findFirst();
    }
}
