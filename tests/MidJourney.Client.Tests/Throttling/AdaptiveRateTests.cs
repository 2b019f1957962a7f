namespace MidJourney.Client.Tests.Limits;

/// <summary>The rate is found against gateways that count in different ways, in virtual time.</summary>
public sealed class AdaptiveRateTests
{
    private const double AnswerTime = 0.005;

    [Theory]
    [InlineData(20, 16)]
    [InlineData(50, 16)]
    [InlineData(50, 64)]
    [InlineData(200, 64)]
    public void Most_of_a_limit_by_the_sliding_second_is_used_and_few_requests_are_put_off(int limit, int slots)
    {
        var lastSecond = new Queue<double>();
        bool Allows(double now)
        {
            while (lastSecond.Count > 0 && lastSecond.Peek() <= now - 1) lastSecond.Dequeue();
            if (lastSecond.Count >= limit) return false;
            lastSecond.Enqueue(now);
            return true;
        }
        var (through, putOff, _) = Run(Allows, slots, seconds: 60, count: int.MaxValue);
        Assert.InRange(through / 60.0, 0.85 * limit, 1.0 * limit + 1);
        Assert.InRange(putOff / (double)(through + putOff), 0, 0.05);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    public void A_token_bucket_with_a_small_burst_is_not_mistaken_for_a_low_limit(int limit)
    {
        var (tokens, last) = (5.0, 0.0);
        bool Allows(double now)
        {
            tokens = Math.Min(5, tokens + (now - last) * limit);
            last = now;
            if (tokens < 1) return false;
            tokens--;
            return true;
        }
        var (through, putOff, _) = Run(Allows, 16, seconds: 60, count: int.MaxValue);
        Assert.InRange(through / 60.0, 0.85 * limit, 1.02 * limit);
        Assert.InRange(putOff / (double)(through + putOff), 0, 0.05);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    public void A_limit_on_unfinished_tasks_is_filled_and_kept_filled(int slots)
    {
        const int Outstanding = 500, Count = 10_000;
        const double Duration = 2;
        var ends = new Queue<double>();
        bool Allows(double now)
        {
            while (ends.Count > 0 && ends.Peek() <= now) ends.Dequeue();
            if (ends.Count >= Outstanding) return false;
            ends.Enqueue(now + Duration);
            return true;
        }
        var (through, _, time) = Run(Allows, slots, seconds: 1000, Count);
        Assert.Equal(Count, through);
        Assert.InRange(time, 0, 1.25 * Count / Outstanding * Duration);
    }

    [Theory]
    [InlineData(0.02, 16)]
    [InlineData(0.04, 16)]
    [InlineData(0.04, 64)]
    [InlineData(0.1, 64)]
    public void Put_offs_that_come_whatever_the_rate_do_not_stop_the_work(double share, int slots)
    {
        var chance = new Random(7);
        var (through, putOff, _) = Run(_ => chance.NextDouble() >= share, slots, seconds: 200, count: int.MaxValue);
        Assert.InRange(through / 200.0, 0.5 * slots / AnswerTime, slots / AnswerTime);
        Assert.InRange(putOff / (double)(through + putOff), 0, 1.2 * share);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void An_early_put_off_by_chance_does_not_slow_the_work_down_for_long(int seed)
    {
        var chance = new Random(seed);
        var isFirst = true;
        bool Allows(double now)
        {
            if (!isFirst) return chance.NextDouble() >= 0.04;
            isFirst = false;
            return false;
        }
        var (_, _, time) = Run(Allows, 16, seconds: 600, count: 1000);
        Assert.InRange(time, 0, 120);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(200)]
    public void A_limit_is_kept_also_where_some_put_offs_are_chance(int limit)
    {
        var chance = new Random(7);
        var lastSecond = new Queue<double>();
        bool Allows(double now)
        {
            while (lastSecond.Count > 0 && lastSecond.Peek() <= now - 1) lastSecond.Dequeue();
            if (lastSecond.Count >= limit || chance.NextDouble() < 0.04) return false;
            lastSecond.Enqueue(now);
            return true;
        }
        var (through, putOff, _) = Run(Allows, 16, seconds: 120, count: int.MaxValue);
        Assert.True(through / 120.0 >= 0.25 * limit && putOff / (double)(through + putOff) <= 0.25, $"{through / 120.0:0.0} a second, {putOff} put off of {through + putOff}");
    }

    [Fact]
    public void A_limit_that_is_lifted_is_left_behind()
    {
        var lastSecond = new Queue<double>();
        bool Allows(double now)
        {
            while (lastSecond.Count > 0 && lastSecond.Peek() <= now - 1) lastSecond.Dequeue();
            if (lastSecond.Count >= (now < 20 ? 10 : 1000)) return false;
            lastSecond.Enqueue(now);
            return true;
        }
        var (through, _, _) = Run(Allows, 16, seconds: 60, count: int.MaxValue);
        Assert.InRange(through, 5_000, int.MaxValue);
    }

    [Fact]
    public void A_gateway_that_takes_nothing_is_asked_less_and_less()
    {
        var (_, putOff, _) = Run(_ => false, 16, seconds: 300, count: int.MaxValue);
        Assert.InRange(putOff, 16, 70);
    }

    [Fact]
    public void Hours_without_a_429_do_not_carry_the_rate_beyond_what_gets_through()
    {
        var rate = new AdaptiveRate();
        rate.Succeeded(0);
        rate.Throttled(0, 0.1);
        for (var now = 1.0; now < 20_000; now += 1)
        {
            Assert.InRange(rate.TryPass(now), 0, 60);
            rate.Succeeded(now + 0.01);
        }
        rate.Throttled(20_001, 20_001.01);
        rate.Throttled(20_002, 20_002.01);
        Assert.InRange(rate.TimeToTurn(20_003), 0, 1);
        Assert.InRange(rate.TryPass(20_004), 0, 1);
        Assert.InRange(rate.TryPass(20_004), 0.01, 20);
    }

    private static (int Through, int PutOff, double Time) Run(Func<double, bool> allows, int slots, double seconds, int count)
    {
        var rate = new AdaptiveRate();
        var inFlight = new Queue<(double Answered, double Sent)>();
        var (now, through, putOff) = (0.0, 0, 0);
        while (now < seconds && through < count)
        {
            var wait = 0.0;
            while (inFlight.Count < slots && inFlight.Count < count - through && (wait = rate.TryPass(now)) <= 0)
                inFlight.Enqueue((now + AnswerTime, now));
            var turn = wait > 0 ? now + wait : double.PositiveInfinity;
            now = inFlight.Count > 0 ? Math.Min(turn, inFlight.Peek().Answered) : turn;
            while (inFlight.Count > 0 && inFlight.Peek().Answered <= now)
            {
                var sent = inFlight.Dequeue().Sent;
                if (allows(sent + AnswerTime / 2))
                {
                    through++;
                    rate.Succeeded(now);
                }
                else
                {
                    putOff++;
                    rate.Throttled(sent, now);
                }
            }
        }
        return (through, putOff, now);
    }
}
