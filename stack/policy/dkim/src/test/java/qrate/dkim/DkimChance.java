package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import qrate.core.Body;

/// Damaged messages, signatures and keys by chance.
final class DkimChance {
    private DkimChance() {}

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }

    /// One change somewhere in it.
    static byte[] damaged(byte[] message, Random random) {
        byte[] bytes = message.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(5));
            case 1 -> bytes[at] = (byte) " \tax;:=".charAt(random.nextInt(7));
            case 2 -> {
                return KeyForms.joined(
                        Arrays.copyOf(bytes, at), new byte[] {' '}, Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 3 -> {
                return KeyForms.joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + 1, bytes.length));
            }
            case 4 -> {
                String text = new String(bytes, ISO_8859_1);
                List<String> lines = new ArrayList<>(List.of(text.split("(?<=\r\n)", -1)));
                int line = random.nextInt(lines.size());
                lines.add(random.nextInt(lines.size()), random.nextBoolean() ? lines.get(line) : lines.remove(line));
                return Post.bytes(String.join("", lines));
            }
            case 5 -> {
                byte c = bytes[at];
                bytes[at] = Character.isLetter(c) ? (byte) (c ^ 0x20) : c;
            }
            default -> {
                return KeyForms.joined(bytes, new byte[] {'\r', '\n'});
            }
        }
        return bytes;
    }

    /// Tags of a signature, of which some are none; without `bh=` and `b=`.
    static String tags(Random random) {
        List<String> tags = new ArrayList<>(List.of(
                "v=" + (random.nextInt(15) == 0 ? pick(random, "", "2", "0.5", "1.0", " 1") : "1"),
                "a="
                        + (random.nextInt(15) == 0
                                ? pick(random, "rsa-sha1", "RSA-SHA256", "rsa", "x-sha256")
                                : "rsa-sha256"),
                "d="
                        + (random.nextInt(10) == 0
                                ? pick(random, "EXAMPLE.test", "example.test.", "other.test", "test", "exa mple.test")
                                : "example.test"),
                "s=" + (random.nextInt(10) == 0 ? pick(random, "R1", "r2", "", "r1.", "r 1") : "r1")));
        if (random.nextInt(4) > 0) {
            tags.add("c="
                    + pick(
                            random,
                            "relaxed/relaxed",
                            "relaxed/relaxed",
                            "simple/simple",
                            "relaxed/simple",
                            "relaxed",
                            "simple",
                            "simple/relaxed",
                            "Relaxed/Simple",
                            "relaxed/",
                            "nofws",
                            "relaxed / relaxed"));
        }
        if (random.nextInt(4) > 0) {
            tags.add("h="
                    + pick(
                            random,
                            "from",
                            "From:To:Subject",
                            "from:to:date:x-none",
                            "from:subject",
                            "From : Date",
                            "from : to",
                            "to:subject",
                            "from:from:from",
                            "from:x-none:date",
                            "from::to",
                            "from:",
                            "from:dkim-signature"));
        }
        maybe(
                random,
                tags,
                "i=@example.test",
                "i=ann@example.test",
                "i=@a.example.test",
                "i=@other.test",
                "i=example.test",
                "i=",
                "i=@EXAMPLE.test",
                "i=a=20b@example.test");
        maybe(random, tags, "q=dns/txt", "q=dns", "q=http", "q=dns/txt:http", "q=DNS/TXT", "q=");
        maybe(random, tags, "l=0", "l=5", "l=100000", "l=x", "l=-1", "l=", "l=007");
        maybe(random, tags, "t=1700000000", "t=x", "t=99999999999999", "t=");
        maybe(random, tags, "x=4000000000", "x=1700000001", "x=x", "x=1600000000", "x=");
        maybe(random, tags, "z=From:x|To:y", "y=unknown", "y=", "Y=1", "y", "_y=1", "y=\u00e4", "9=1", "v=1", "s=r1");
        if (random.nextBoolean()) {
            Collections.shuffle(tags.subList(1, tags.size()), random);
        } else if (random.nextInt(10) == 0) {
            Collections.shuffle(tags, random);
        }
        if (random.nextInt(12) == 0) {
            tags.remove(random.nextInt(tags.size()));
        }
        return String.join(pick(random, ";", "; ", "; ", ";\r\n\t", " ; "), tags)
                .replaceAll("=", pick(random, "=", "=", "=", " = "));
    }

    private static void maybe(Random random, List<String> tags, String... some) {
        if (random.nextInt(6) == 0) {
            tags.add(pick(random, some));
        }
    }

    /// A record with a key, or what is none.
    static String record(Random random, String key) {
        List<String> tags = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            tags.add(
                    random.nextInt(8) == 0
                            ? pick(random, "v=DKIM2", "v=dkim1", "v=", "v = DKIM1", "v=DKIM1 ")
                            : "v=DKIM1");
        }
        if (random.nextInt(2) > 0) {
            tags.add(random.nextInt(6) == 0 ? pick(random, "k=RSA", "k=dsa", "k=", "k=ed25519", "k = rsa ") : "k=rsa");
        }
        maybe(random, tags, "h=sha256", "h=sha1", "h=sha1:sha256", "h=SHA256", "h=", "h=sha256 : x", "h=x");
        maybe(random, tags, "s=email", "s=*", "s=other", "s=email:other", "s=", "s=EMAIL", "s=tlsrpt");
        maybe(random, tags, "t=y", "t=s", "t=y:s", "t=", "t=x", "t=Y");
        maybe(random, tags, "n=a note", "n=", "g=*", "g=ann", "g=", "x=y", "x", "k=rsa", "=", "n=a;b");
        String p = switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> key.substring(0, key.length() - 4);
            case 2 -> key + "=";
            case 3 -> key.substring(0, 50) + " " + key.substring(50);
            case 4 -> key.substring(0, 50) + "-" + key.substring(50);
            case 5 -> key.substring(0, 100);
            default -> key;
        };
        tags.add("p=" + p);
        if (random.nextInt(5) == 0) {
            Collections.shuffle(tags, random);
        }
        if (tags.size() > 1 && random.nextInt(20) == 0) {
            tags.remove(random.nextInt(tags.size()));
        }
        return String.join(pick(random, ";", "; ", "; ", " ; ", ";\t"), tags)
                + pick(random, "", "", ";", " ;", "; ", ";;");
    }

    /// A message with a signature of these tags that is good, as far as whoever takes every tag for what it might mean
    /// can make one: what is wrong with the tags themselves is left to those who check.
    static String signed(String tags, String message) {
        String canonical = first(tags, "c").orElse("simple").toLowerCase(Locale.ROOT);
        boolean relaxedBody = canonical.endsWith("/relaxed");
        String length = first(tags, "l").orElse("");
        List<String> names = Pattern.compile(":")
                .splitAsStream(first(tags, "h").orElse("from"))
                .filter(name -> !name.isEmpty())
                .toList();
        BodyHash body = new BodyHash(relaxedBody, length.matches("\\d+") ? Long.parseLong(length) : BodyHash.WHOLE);
        try {
            Content content = Content.of(
                    Body.of(Post.bytes(message)), Content.Form.RECEIVED, Limits.USUAL, List.of(_ -> List.of(body)));
            String hash = Base64.getEncoder().encodeToString(content.hash(body).orElseThrow());
            String field = "DKIM-Signature: " + tags + "; bh=" + hash + "; b=";
            byte[] header = HeaderHash.of(
                    HeaderHash.selected(content, names, -1),
                    canonical.startsWith("relaxed"),
                    field.replace("\r\n", "\n"));
            return field + Base64.getEncoder().encodeToString(Post.sign(Post.RSA_KEY, header)) + "\r\n" + message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> first(String tags, String name) {
        for (String tag : tags.split(";", -1)) {
            String plain = tag.replaceAll("\\s", "");
            if (plain.startsWith(name + "=")) {
                return Optional.of(plain.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }
}
