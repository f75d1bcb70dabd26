package qrate.apply;

import qrate.vpopmail.Quota;

/// Quotas as people write them: `50MB`, `1GB,1000C`, `NOQUOTA`.
final class Quotas {
    private static final int STEP_BITS = 10;
    private static final String[] UNITS = {"", "KB", "MB", "GB"};

    private Quotas() {}

    /// The shortest spelling that {@link Quota#parse} reads as the same.
    static String text(Quota quota) {
        if (quota.equals(Quota.NONE)) {
            return quota.toString();
        }
        long number = quota.bytes();
        int unit = 0;
        while (unit < UNITS.length - 1 && number > 0 && number % (1L << STEP_BITS) == 0) {
            number >>= STEP_BITS;
            unit++;
        }
        String bytes = number == 0 ? "" : number + UNITS[unit];
        String messages = quota.messages() == 0 ? "" : quota.messages() + "C";
        return bytes + (bytes.isEmpty() || messages.isEmpty() ? "" : ",") + messages;
    }
}
