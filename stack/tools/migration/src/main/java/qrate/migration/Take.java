package qrate.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import qrate.core.State;

/// What every part of an import works with.
///
/// @param target where things are written
/// @param notes what was taken before
record Take(Options options, Report report, ImportRecord notes, Target target) {
    State state() {
        return target.state();
    }

    boolean dry() {
        return !options.apply();
    }

    /// Takes over a small file, unless there is another here that is not ours, or was changed or removed since.
    ///
    /// @param where its name, for report and record
    /// @return whether it is written, or would be
    boolean file(String where, Path file, byte[] content, String permissions) throws IOException {
        String key = "file " + where;
        Optional<String> taken = notes.get(key);
        boolean there = Files.exists(file);
        byte[] here = there ? Files.readAllBytes(file) : new byte[0];
        if (there && Arrays.equals(here, content)) {
            if (taken.isEmpty() && !dry()) {
                notes.put(key, sum(content));
            }
            return false;
        }
        if (taken.isPresent() && taken.get().equals(sum(content)) && !there) {
            report.note(where + ": removed here since, stays so");
            return false;
        }
        if (taken.isPresent() && !(there && taken.get().equals(sum(here)))) {
            report.note(where + ": changed here since, stays so");
            return false;
        }
        if (there && taken.isEmpty() && !options.replace()) {
            report.conflict(where, "another is here already and stays (--replace takes the old one's)");
            return false;
        }
        report.change((there ? "replace " : "write ") + where);
        if (!dry()) {
            target.file(file, content, permissions);
            notes.put(key, sum(content));
        }
        return true;
    }

    static String sum(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
