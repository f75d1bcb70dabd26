package qrate.dkim;

/// A key as a signature names it.
///
/// @param domain in ASCII, lower case
/// @param selector likewise; its public half stands at `SELECTOR._domainkey.DOMAIN`
public record SigningKey(String domain, String selector, Algorithm algorithm) {
    public SigningKey {
        try {
            domain = SignatureTags.name(domain, "the domain");
            selector = SignatureTags.name(selector, "the selector");
        } catch (MalformedField e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
