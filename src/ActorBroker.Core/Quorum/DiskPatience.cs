namespace ActorBroker.Core.Quorum;

/// <summary>When a voter turns to its disk again that has refused, and when it says so. Time is passed in, as time since some
/// start.</summary>
/// <remarks>Each attempt reads the whole journal, so the pauses grow; they stay short enough that a voter is soon back when
/// somebody has made room.</remarks>
public sealed class DiskPatience
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Somebody has to make room, and need not be told each time that nobody has.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private TimeSpan _pause;
    private TimeSpan _until;
    private TimeSpan? _said;

    /// <summary>The disk has refused, and not done what it was told since.</summary>
    public bool IsTried => _pause > TimeSpan.Zero;

    /// <summary>It is to be left alone yet.</summary>
    public bool Waits(TimeSpan now) => IsTried && now < _until;

    /// <summary>The disk has refused.</summary>
    /// <returns>Say so now.</returns>
    public bool Refused(TimeSpan now)
    {
        _pause = IsTried ? TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks)) : FirstPause;
        _until = now + _pause;
        if (now - _said < Silence) return false;
        _said = now;
        return true;
    }

    /// <summary>The disk has taken something.</summary>
    /// <returns>It had refused before, so that this is news.</returns>
    public bool Took()
    {
        var isNews = IsTried;
        (_pause, _said) = (TimeSpan.Zero, null);
        return isNews;
    }
}
