package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;

/// Certificates that are their own CA.
final class Certified {
    private static final char[] STORE = "changeit".toCharArray();

    private Certified() {}

    /// Writes `cert.pem` and `key.pem`.
    ///
    /// @param folder that they are put into, made if it is missing
    /// @param name as keytool has it: `dns:mail.example.test`, `ip:192.0.2.1`
    static void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Path store = folder.resolve("store");
        Machine.run(
                        Map.of(),
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "ca",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name.substring(name.indexOf(':') + 1),
                        "-ext",
                        "san=" + name,
                        "-ext",
                        "bc=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(STORE))
                .orFail();
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, STORE);
            pem(
                    folder.resolve("cert.pem"),
                    "CERTIFICATE",
                    keys.getCertificate("ca").getEncoded());
            pem(
                    folder.resolve("key.pem"),
                    "PRIVATE KEY",
                    keys.getKey("ca", STORE).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void pem(Path file, String label, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + label + "-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der) + "\n-----END "
                        + label + "-----\n");
    }
}
