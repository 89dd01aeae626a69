using System.Globalization;

namespace Hocon.Syntax;

/// <summary>Numbers with a unit: durations and sizes.</summary>
internal static class Units
{
    private const decimal TicksPerMs = TimeSpan.TicksPerMillisecond;

    /// <summary>A duration; a number alone counts milliseconds. Anything below a tick (100 ns) is rounded to one.</summary>
    public static TimeSpan Duration(string text, bool allowInfinite)
    {
        if (allowInfinite && text.Equals("infinite", StringComparison.OrdinalIgnoreCase)) return Timeout.InfiniteTimeSpan;
        var (number, unit) = Split(text, "a duration such as 10s, 500ms or 2 hours");
        var unitTicks = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TicksPerMs / 1_000_000,
            "us" or "µs" or "micro" or "micros" or "microsecond" or "microseconds" => TicksPerMs / 1000,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TicksPerMs,
            "s" or "second" or "seconds" => TicksPerMs * 1000,
            "m" or "minute" or "minutes" => TicksPerMs * 1000 * 60,
            "h" or "hour" or "hours" => TicksPerMs * 1000 * 60 * 60,
            "d" or "day" or "days" => TicksPerMs * 1000 * 60 * 60 * 24,
            _ => throw new FormatException($"'{text}': '{unit}' is no unit of time; there are ns, us, ms, s, m, h, d"),
        };
        if (number > TimeSpan.MaxValue.Ticks / unitTicks)
            throw new FormatException($"'{text}' is longer than {TimeSpan.MaxValue.Days} days");
        return TimeSpan.FromTicks(number > 0 ? Math.Max(1, (long)Math.Round(number * unitTicks)) : 0);
    }

    /// <summary>A size in bytes; fractions of a byte are cut off.</summary>
    public static long Bytes(string text)
    {
        var (number, unit) = Split(text, "a size such as 512, 64kB or 1 MiB");
        var unitBytes = unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1,
            "kB" or "kilobyte" or "kilobytes" => Power(1000, 1),
            "MB" or "megabyte" or "megabytes" => Power(1000, 2),
            "GB" or "gigabyte" or "gigabytes" => Power(1000, 3),
            "TB" or "terabyte" or "terabytes" => Power(1000, 4),
            "PB" or "petabyte" or "petabytes" => Power(1000, 5),
            "EB" or "exabyte" or "exabytes" => Power(1000, 6),
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => Power(1024, 1),
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => Power(1024, 2),
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => Power(1024, 3),
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => Power(1024, 4),
            "p" or "P" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => Power(1024, 5),
            "e" or "E" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => Power(1024, 6),
            _ => throw new FormatException(
                $"'{text}': '{unit}' is no unit of size; there are B, kB, KiB, MB, MiB, GB, GiB, TB, TiB, PB, PiB, EB, EiB"),
        };
        return number <= long.MaxValue / unitBytes
            ? (long)(number * unitBytes)
            : throw new FormatException($"'{text}' is more than {long.MaxValue} bytes");
    }

    private static decimal Power(int thousand, int exponent)
    {
        var power = 1m;
        for (; exponent > 0; exponent--) power *= thousand;
        return power;
    }

    private static (decimal Number, string Unit) Split(string text, string expected)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '-' or '+')) end++;
        if (!decimal.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"'{text}' is not {expected}");
        if (number < 0) throw new FormatException($"'{text}' is negative");
        return (number, text[end..].Trim());
    }
}
