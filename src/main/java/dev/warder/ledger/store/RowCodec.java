package dev.warder.ledger.store;

import static dev.warder.ledger.store.RecordValues.id;
import static dev.warder.ledger.store.RecordValues.text;
import static dev.warder.ledger.store.RecordValues.time;

import dev.warder.http.Dialect;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.TryEnd;
import dev.warder.usage.UsageCost;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageRow;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Rows of usage as bytes of the journal. A change of their format gets new kinds in {@link RecordCodec}: rows of kinds without
 * teams have none.
 */
final class RowCodec {
    private RowCodec() {}

    static void write(DataOutputStream out, UsageRow row, boolean teams) throws IOException {
        id(out, row.key().tryId());
        out.writeInt(row.key().part());
        time(out, row.admitted());
        time(out, row.ended());
        text(out, row.caller().requestId());
        text(out, row.caller().client());
        text(out, row.caller().session());
        text(out, row.caller().agent());
        out.writeUTF(row.caller().dialect().name());
        if (teams) {
            text(out, row.caller().team());
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

    static UsageRow read(DataInputStream in, boolean teams) throws IOException {
        var key = new UsageRow.Key(id(in), in.readInt());
        var admitted = time(in);
        var ended = time(in);
        var caller = new UsageRow.Caller(
                in.readUTF(),
                text(in),
                text(in),
                text(in),
                Dialect.valueOf(in.readUTF()),
                teams ? text(in) : Optional.empty());
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
                TryEnd.valueOf(in.readUTF()));
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
                UsageCost.Basis.valueOf(in.readUTF()));
    }
}
