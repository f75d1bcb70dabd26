package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/// What pages load beside themselves. A page names it with a digest of what stands in it: a browser keeps that for a
/// year without asking, and after an upgrade asks for the new one, since pages name another.
enum Asset {
    STYLE("style.css", "text/css; charset=utf-8"),
    PASSKEYS("passkeys.js", "text/javascript; charset=utf-8"),
    COMFORT("comfort.js", "text/javascript; charset=utf-8");

    /// Parameter of the query that has the digest.
    static final String VERSION = "v";

    private static final Duration KEPT_BY_DIGEST = Duration.ofDays(365);

    /// For whoever has the path from elsewhere.
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int DIGEST_BYTES = 8;

    private final String path;
    private final String type;
    private final String text;
    private final String digest;

    Asset(String name, String type) {
        this.path = "/" + name;
        this.type = type;
        try (var in = Asset.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            byte[] bytes = in.readAllBytes();
            this.text = new String(bytes, UTF_8);
            byte[] all = MessageDigest.getInstance("SHA-256").digest(bytes);
            this.digest = HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static void register(Router router) {
        for (Asset asset : values()) {
            router.add("GET", asset.path, Access.OPEN, asset::answer);
        }
    }

    /// As pages name it.
    String link() {
        return path + "?" + VERSION + "=" + digest;
    }

    /// With another digest it is asked for by a page of before an upgrade, or of after one that this process does not
    /// know yet: what it gets must not be kept under that name.
    private Reply answer(Request request) {
        boolean named = request.form(VERSION).equals(digest);
        return new Reply.Kept(
                new Reply.Text(200, type, text),
                "max-age=" + (named ? KEPT_BY_DIGEST : KEPT).toSeconds() + (named ? ", immutable" : ""));
    }
}
