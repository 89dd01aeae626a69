using Hocon;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class UnitTests
{
    [Theory]
    [InlineData("100 ns", 1)]
    [InlineData("1 ns", 1)]
    [InlineData("0 ns", 0)]
    [InlineData("2us", 20)]
    [InlineData("2 microseconds", 20)]
    [InlineData("3ms", 30_000)]
    [InlineData("3", 30_000)]
    [InlineData("3.5 millis", 35_000)]
    [InlineData("4s", 40_000_000)]
    [InlineData("0.5 seconds", 5_000_000)]
    [InlineData("1 m", 600_000_000)]
    [InlineData("1 hour", 36_000_000_000)]
    [InlineData("2d", 1_728_000_000_000)]
    public void A_duration_is_a_number_and_a_unit(string text, long ticks) =>
        Assert.Equal(new TimeSpan(ticks), Parsed($"a = {text}").GetTimeSpan("a"));

    [Fact]
    public void Infinite_is_a_duration_where_it_is_allowed()
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, Parsed("a = infinite").GetTimeSpan("a"));
        Assert.Throws<HoconValueException>(() => Parsed("a = infinite").GetTimeSpan("a", allowInfinite: false));
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("512 bytes", 512)]
    [InlineData("1kB", 1000)]
    [InlineData("1k", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("1 KiB", 1024)]
    [InlineData("1.5 Ki", 1536)]
    [InlineData("2MB", 2_000_000)]
    [InlineData("2M", 2_097_152)]
    [InlineData("2 mebibytes", 2_097_152)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("1g", 1_073_741_824)]
    [InlineData("1TiB", 1_099_511_627_776)]
    [InlineData("7 EiB", 8_070_450_532_247_928_832)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_a_number_and_a_unit(string text, long bytes) =>
        Assert.Equal(bytes, Parsed($"a = {text}").GetByteSize("a"));

    [Theory]
    [InlineData("8 EiB")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999 B")]
    [InlineData("1 elephant")]
    [InlineData("-1 B")]
    [InlineData("KiB")]
    [InlineData("\"\"")]
    [InlineData("1.2.3")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Throws<HoconValueException>(() => Parsed($"a = {text}").GetByteSize("a"));

    [Theory]
    [InlineData("soon")]
    [InlineData("1 fortnight")]
    [InlineData("-1s")]
    [InlineData("99999999999d")]
    [InlineData("null")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.StartsWith("a (line 1): ",
            Assert.Throws<HoconValueException>(() => Parsed($"a = {text}").GetTimeSpan("a")).Message);

    [Theory]
    [InlineData("true", true)]
    [InlineData("on", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("false", false)]
    [InlineData("off", false)]
    [InlineData("no", false)]
    public void Booleans_have_three_pairs_of_words(string text, bool expected) =>
        Assert.Equal(expected, Parsed($"a = {text}").GetBoolean("a"));

    [Fact]
    public void Other_words_are_no_booleans() => Assert.Equal(
        "a (line 1): 'maybe' is none of true, false, on, off, yes, no",
        Assert.Throws<HoconValueException>(() => Parsed("a = maybe").GetBoolean("a")).Message);

    [Theory]
    [InlineData("12", 12)]
    [InlineData("-12", -12)]
    [InlineData("0x1F", 31)]
    [InlineData("1e3", 1000)]
    [InlineData("1e+3", 1000)]
    [InlineData("5.0", 5)]
    public void Whole_numbers(string text, int expected) => Assert.Equal(expected, Parsed($"a = {text}").GetInt("a"));

    [Theory]
    [InlineData("2147483648", "a (line 1): '2147483648' is not between -2147483648 and 2147483647")]
    [InlineData("1.5", "a (line 1): '1.5' is no whole number")]
    [InlineData("1e400", "a (line 1): '1e400' is no number")]
    [InlineData("x", "a (line 1): 'x' is no number")]
    public void What_is_no_whole_number_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<HoconValueException>(() => Parsed($"a = {text}").GetInt("a")).Message);

    [Fact]
    public void Numbers_with_fractions()
    {
        var root = Parsed("a = 1.25, b = [1, 2.5]");
        Assert.Equal((1.25f, 1.25, 1.25m), (root.GetFloat("a"), root.GetDouble("a"), root.GetDecimal("a")));
        Assert.Equal([1, 2.5], root.GetDoubleList("b"));
    }
}
