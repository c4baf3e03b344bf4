package dev.warder.ledger.store;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.ledger.store.Journal.HeldInstead;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.UsageCost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Intents and rows as bytes of the journal. The first byte is the kind and, with it, the version: a change of the format
 * gets new kinds, and the old ones stay readable. Rows of kinds without teams, which earlier versions wrote, have none.
 * Rows without hints get the kinds with teams, which earlier versions can read.
 */
public final class RecordCodec {
    private static final int INTENT = 1;
    private static final int SETTLED = 2;
    private static final int CHARGED = 3;
    private static final int HOLDING_INTENT = 4;
    private static final int HELD_INSTEAD = 5;
    private static final int SETTLED_WITH_TEAMS = 6;
    private static final int CHARGED_WITH_TEAMS = 7;
    private static final int SETTLED_WITH_HINTS = 8;
    private static final int CHARGED_WITH_HINTS = 9;

    private RecordCodec() {}

    public static byte[] encode(Journal.Entry entry) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            if (entry instanceof Intent intent) {
                intent(out, intent);
            } else if (entry instanceof Intent.Settled settled) {
                settled(out, settled);
            } else if (entry instanceof HeldInstead held) {
                out.writeByte(HELD_INSTEAD);
                id(out, held.intent());
                out.writeLong(held.nanos());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void intent(DataOutputStream out, Intent intent) throws IOException {
        out.writeByte(intent.held().isPresent() ? HOLDING_INTENT : INTENT);
        id(out, intent.id());
        time(out, intent.admitted());
        text(out, intent.caller().requestId());
        text(out, intent.caller().client());
        text(out, intent.caller().session());
        out.writeUTF(intent.caller().dialect().name());
        text(out, intent.model());
        if (intent.held().isPresent()) {
            charged(out, intent.held().get().charged());
            out.writeLong(intent.held().get().nanos());
        }
    }

    private static void settled(DataOutputStream out, Intent.Settled settled) throws IOException {
        boolean charged = settled.charged().isPresent();
        boolean hints =
                settled.rows().stream().anyMatch(row -> !row.caller().hints().equals(RequestHints.NONE));
        if (hints) {
            out.writeByte(charged ? CHARGED_WITH_HINTS : SETTLED_WITH_HINTS);
        } else {
            out.writeByte(charged ? CHARGED_WITH_TEAMS : SETTLED_WITH_TEAMS);
        }
        out.writeBoolean(settled.intent().isPresent());
        if (settled.intent().isPresent()) {
            id(out, settled.intent().get());
        }
        out.writeInt(settled.rows().size());
        for (var row : settled.rows()) {
            row(out, row, hints);
        }
        if (charged) {
            charged(out, settled.charged().get());
        }
    }

    /** Whether these bytes are of an intent, or of what it holds. */
    public static boolean isOfIntent(byte[] bytes) {
        return bytes[0] == INTENT || bytes[0] == HOLDING_INTENT || bytes[0] == HELD_INSTEAD;
    }

    /**
     * Reads a record.
     *
     * @throws IOException when these are not the bytes of a known kind
     */
    public static Journal.Entry decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return switch (in.readByte()) {
                case INTENT -> intent(in, false);
                case HOLDING_INTENT -> intent(in, true);
                case HELD_INSTEAD -> new HeldInstead(id(in), in.readLong());
                case SETTLED -> settled(in, false, false, false);
                case CHARGED -> settled(in, true, false, false);
                case SETTLED_WITH_TEAMS -> settled(in, false, true, false);
                case CHARGED_WITH_TEAMS -> settled(in, true, true, false);
                case SETTLED_WITH_HINTS -> settled(in, false, true, true);
                case CHARGED_WITH_HINTS -> settled(in, true, true, true);
                default -> throw new IOException("a kind of a newer version");
            };
        } catch (IllegalArgumentException newer) {
            throw new IOException("a value of a newer version", newer);
        }
    }

    private static Intent intent(DataInputStream in, boolean holds) throws IOException {
        return new Intent(
                id(in),
                time(in),
                new UsageRow.Caller(in.readUTF(), text(in), text(in), Optional.empty(), Dialect.valueOf(in.readUTF())),
                text(in),
                holds ? Optional.of(new HeldAmount(charged(in), in.readLong())) : Optional.empty());
    }

    private static Intent.Settled settled(DataInputStream in, boolean charged, boolean teams, boolean hints)
            throws IOException {
        Optional<UUID> intent = in.readBoolean() ? Optional.of(id(in)) : Optional.empty();
        var rows = new ArrayList<UsageRow>();
        for (int left = in.readInt(); left > 0; left--) {
            rows.add(row(in, teams, hints));
        }
        return new Intent.Settled(intent, rows, charged ? Optional.of(charged(in)) : Optional.empty());
    }

    private static void charged(DataOutputStream out, Charged charged) throws IOException {
        id(out, charged.run());
        out.writeInt(charged.periods().size());
        for (var period : charged.periods()) {
            out.writeUTF(period.budget());
            time(out, period.start());
        }
    }

    private static Charged charged(DataInputStream in) throws IOException {
        var run = id(in);
        var periods = new ArrayList<PeriodKey>();
        for (int left = in.readInt(); left > 0; left--) {
            periods.add(new PeriodKey(in.readUTF(), time(in)));
        }
        return new Charged(run, periods);
    }

    private static void row(DataOutputStream out, UsageRow row, boolean hints) throws IOException {
        id(out, row.key().tryId());
        out.writeInt(row.key().part());
        time(out, row.admitted());
        time(out, row.ended());
        text(out, row.caller().requestId());
        text(out, row.caller().client());
        text(out, row.caller().session());
        text(out, row.caller().agent());
        out.writeUTF(row.caller().dialect().name());
        text(out, row.caller().team());
        if (hints) {
            text(out, row.caller().hints().requestClass());
            text(out, row.caller().hints().agentType());
            text(out, row.caller().hints().promptId());
        }
        text(out, row.models().asked());
        text(out, row.models().sent());
        text(out, row.models().answered());
        upstream(out, row.upstream());
        consumption(out, row.consumption());
        cost(out, row.cost());
        out.writeLong(row.times().firstByte().map(Duration::toNanos).orElse(-1L));
        out.writeLong(row.times().total().toNanos());
    }

    private static UsageRow row(DataInputStream in, boolean teams, boolean hints) throws IOException {
        var key = new UsageRow.Key(id(in), in.readInt());
        var admitted = time(in);
        var ended = time(in);
        var caller = new UsageRow.Caller(
                in.readUTF(),
                text(in),
                text(in),
                text(in),
                Dialect.valueOf(in.readUTF()),
                teams ? text(in) : Optional.empty(),
                hints ? new RequestHints(text(in), text(in), text(in)) : RequestHints.NONE);
        var models = new UsageRow.Models(text(in), text(in), text(in));
        var upstream = upstream(in);
        var consumption = consumption(in);
        var cost = cost(in);
        long firstByte = in.readLong();
        var times = new UsageRow.Times(
                firstByte < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte)),
                Duration.ofNanos(in.readLong()));
        return new UsageRow(key, admitted, ended, caller, models, upstream, consumption, cost, times);
    }

    private static void upstream(DataOutputStream out, UsageRow.Upstream upstream) throws IOException {
        text(out, upstream.credential());
        text(out, upstream.credentialKind());
        text(out, upstream.requestId());
        out.writeInt(upstream.status().orElse(0));
        out.writeUTF(upstream.end().name());
    }

    private static UsageRow.Upstream upstream(DataInputStream in) throws IOException {
        String credential = in.readUTF();
        String kind = in.readUTF();
        var requestId = text(in);
        int status = in.readInt();
        return new UsageRow.Upstream(
                credential,
                kind,
                requestId,
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                UsageRow.End.valueOf(in.readUTF()));
    }

    private static void consumption(DataOutputStream out, UsageRow.Consumption consumption) throws IOException {
        var counts = consumption.counts();
        out.writeLong(counts.input());
        out.writeLong(counts.writes().fiveMinutes());
        out.writeLong(counts.writes().oneHour());
        out.writeLong(counts.read());
        out.writeLong(counts.output());
        out.writeLong(counts.thinking());
        out.writeLong(counts.webSearches());
        out.writeLong(counts.webFetches());
        out.writeUTF(consumption.tier().name());
        out.writeUTF(consumption.speed().name());
        text(out, consumption.geo());
        text(out, consumption.stopReason());
    }

    private static UsageRow.Consumption consumption(DataInputStream in) throws IOException {
        var counts = new UsageCounts(
                in.readLong(),
                new CacheWrites(in.readLong(), in.readLong()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
        return new UsageRow.Consumption(
                counts, Tier.valueOf(in.readUTF()), Speed.valueOf(in.readUTF()), text(in), text(in));
    }

    private static void cost(DataOutputStream out, UsageCost cost) throws IOException {
        text(out, cost.priceVersion());
        out.writeUTF(cost.dollars().toString());
        out.writeLong(cost.nanos());
        out.writeBoolean(cost.priceAssumed());
        out.writeBoolean(cost.billed());
        out.writeUTF(cost.basis().name());
    }

    private static UsageCost cost(DataInputStream in) throws IOException {
        return new UsageCost(
                in.readUTF(),
                new BigDecimal(in.readUTF()),
                in.readLong(),
                in.readBoolean(),
                in.readBoolean(),
                UsageRow.Basis.valueOf(in.readUTF()));
    }

    private static void id(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID id(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void time(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Instant time(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeUTF(Column.storable(text, 256));
    }

    private static void text(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            text(out, text.get());
        }
    }

    private static Optional<String> text(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
    }
}
