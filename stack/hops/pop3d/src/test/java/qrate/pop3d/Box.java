package qrate.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Control;
import qrate.core.Log;

/// A state folder with control files and Maildirs, and a service on it whose every password is `secret`.
final class Box {
    final Path root;

    Box(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("control"));
        control("me", "mail.example.test");
        control("pop3plaintext", "yes");
    }

    Path control(String name, String line) throws IOException {
        return Files.writeString(root.resolve("control").resolve(name), line + "\n");
    }

    Path maildir(String user) throws IOException {
        Path maildir = root.resolve("domains/example.test").resolve(user).resolve("Maildir");
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        return maildir;
    }

    /// Puts a message there; the name without a size gets one.
    Path put(String user, String name, String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        String sized = name.contains(",S=") || name.contains(":") ? name : name + ",S=" + bytes.length;
        return Files.write(
                maildir(user).resolve(sized.contains(":") ? "cur" : "new").resolve(sized), bytes);
    }

    List<String> names(String user, String folder) throws IOException {
        try (Stream<Path> files = Files.list(maildir(user).resolve(folder))) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    Pop3d service() {
        return service(this::check);
    }

    Pop3d service(PasswordChecker checker) {
        Control control = new Control(root.resolve("control"), InstantSource.system());
        return new Pop3d(checker, control, Log.silent(), InstantSource.system());
    }

    PasswordChecker.Answer check(String login, byte[] password, PasswordChecker.Asker asker, String remote) {
        String user = login.replace("@example.test", "");
        boolean right = Arrays.equals(password, "secret".getBytes(StandardCharsets.UTF_8));
        return right && !user.contains("@")
                ? new PasswordChecker.Answer.Accepted(
                        user + "@example.test",
                        root.resolve("domains/example.test").resolve(user))
                : new PasswordChecker.Answer.Refused();
    }
}
