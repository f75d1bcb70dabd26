package qrate.images.acme;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import qrate.acme.CertificateProgram;
import qrate.core.Launcher;
import qrate.core.Program;

/// The `acme` image's one main.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands() {
        return new TreeMap<>(Map.of("certificate", Program.of(() -> new CertificateProgram(InstantSource.system()))));
    }

    public static void main(String[] arguments) {
        Launcher.main(commands(), arguments);
    }
}
