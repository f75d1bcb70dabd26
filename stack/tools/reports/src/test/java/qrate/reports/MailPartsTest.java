package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.message.Parts;
import qrate.testkit.Fuzz;

class MailPartsTest {
    private static final byte[] CONTENT = {0x1f, (byte) 0x8b, 0, '\n', '-', '-', 7};

    private static List<byte[]> of(String message) throws IOException {
        return MailParts.of(message.getBytes(ISO_8859_1)).stream()
                .map(Parts.Leaf::content)
                .toList();
    }

    private static List<String> texts(String message) throws IOException {
        return of(message).stream().map(bytes -> new String(bytes, ISO_8859_1)).toList();
    }

    @Test
    void anAttachmentBesideATextIsFound() throws IOException {
        List<byte[]> found = of(Reported.mailed("application/gzip", CONTENT));
        assertEquals(1, found.size());
        assertArrayEquals(CONTENT, found.getFirst());
        assertEquals(
                1,
                of(Reported.mailed("application/gzip", CONTENT).replace("\n", "\r\n"))
                        .size());
    }

    @ParameterizedTest
    @CsvSource({
        "application/zip,1",
        "application/x-gzip,1",
        "APPLICATION/OCTET-STREAM,1",
        "text/xml,1",
        "image/png,0",
        "text/html,0",
    })
    void attachmentsAreToldByTheirType(String type, int found) throws IOException {
        assertEquals(found, of(Reported.mailed(type, CONTENT)).size());
    }

    @Test
    void orByTheirName() throws IOException {
        String odd = Reported.mailed("application/whatever", CONTENT);
        assertEquals(0, of(odd).size());
        assertEquals(1, of(odd.replace("name=\"r\"", "name=\"A!B.XML.GZ\"")).size());
        assertEquals(
                1,
                of(odd.replace("Content-Transfer", "Content-Disposition: attachment; filename=x.zip\nContent-Transfer"))
                        .size());
    }

    @Test
    void aMessageThatIsTheAttachmentItselfIsOne() throws IOException {
        List<byte[]> found = of("Subject: x\n" + Reported.part("application/gzip", CONTENT));
        assertArrayEquals(CONTENT, found.getFirst());
    }

    @Test
    void encodingsAreTakenOff() throws IOException {
        String head = "Content-Type: text/xml\nContent-Transfer-Encoding: ";
        assertEquals(List.of("<a>=b</a>"), texts(head + "quoted-printable\n\n<a>=3D=\nb</a>"));
        assertEquals(List.of("<a>"), texts(head + "8bit\n\n<a>"));
        assertEquals(List.of("<a>"), texts("Content-Type: text/xml\n\n<a>"));
        assertEquals(List.of("="), texts(head + "quoted-printable\n\n=3D="));
        assertEquals(List.of(""), texts(head + "base64\n\n="), "what cannot be read is nothing");
    }

    @Test
    void partsInPartsAreFoundAsDeepAsAnybodyMeansWell() throws IOException {
        String inner = Reported.part("application/gzip", CONTENT);
        for (int depth = 1; depth <= Parts.DEPTH_MAX + 1; depth++) {
            inner = "Content-Type: multipart/mixed; boundary=b" + depth + "\n\n--b" + depth + "\n" + inner + "\n--b"
                    + depth + "--\n";
            assertEquals(depth <= Parts.DEPTH_MAX ? 1 : 0, of(inner).size(), inner);
        }
    }

    @Test
    void noMoreThanSoManyPartsAreLookedAt() throws IOException {
        StringBuilder message = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n\n");
        for (int i = 0; i < 10 * Parts.PARTS_MAX; i++) {
            message.append("--b\n").append(Reported.part("application/gzip", CONTENT));
        }
        assertTrue(of(message.toString()).size() < Parts.PARTS_MAX);
    }

    @Test
    void aMessageThatWasCutOffIsReadAsFarAsItGoes() throws IOException {
        String message = Reported.mailed("application/gzip", CONTENT);
        assertEquals(1, of(message.substring(0, message.lastIndexOf("--=_b;1"))).size());
        assertEquals(0, of(message.substring(0, message.indexOf("--=_b;1"))).size());
    }

    /// Entry point: {@link MailParts#of}.
    @Test
    void whateverComesIsReadWithinTheLimits() {
        Fuzz.Outcome outcome = Fuzz.run(
                "mail parts",
                Fuzz.corpus(
                        Reported.mailed("application/gzip", CONTENT),
                        """
                        Content-Type: multipart/a; boundary=b

                        --b
                        Content-Type: multipart/b; boundary="c"

                        --c

                        --c--
                        --b--
                        """,
                        "Content-Type: text/xml; name=\"a\nContent-Transfer-Encoding: quoted-printable\n\n=3D=\n=\r\n=4"),
                bytes -> assertTrue(MailParts.of(bytes).size() <= Parts.PARTS_MAX));
        assertTrue(outcome.runs() > 0);
    }
}
