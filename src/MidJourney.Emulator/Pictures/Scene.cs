using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

/// <summary>A view of what a prompt names. Equal scenes look the same, in any size.</summary>
/// <param name="Prompt">Its words choose what there is.</param>
/// <param name="Layout">Where everything is.</param>
/// <param name="Mood">Clouds, small things and their colors.</param>
/// <param name="Variant">0 to 3: the side of the main thing, the height of the horizon, the light.</param>
internal sealed record Scene(string Prompt, ulong Layout, ulong Mood, int Variant)
{
    /// <summary>-1 to 1: cooler or warmer light.</summary>
    public float Warmth { get; init; }

    public float Distance { get; init; } = 1;

    /// <summary>Finer lines, as an upscale has them. Everything else stays where it is.</summary>
    public bool Detailed { get; init; }

    public bool Birds { get; init; }

    public void Draw(Canvas canvas)
    {
        var words = SceneWords.Of(Prompt);
        canvas.Distance = Distance;
        new Drawing(this, words, canvas).All();
        canvas.Distance = 1;
        Looks.Apply(words.Look, canvas, Layout, Detailed);
    }

    private sealed class Drawing
    {
        private readonly Scene _scene;
        private readonly SceneWords _words;
        private readonly Canvas _canvas;
        private readonly Palette _palette;
        private readonly Props _props;
        private Dice _layout;
        private readonly Dice _mood;
        private readonly bool _dark;
        private readonly bool _snowy;
        private readonly float _horizon;
        private readonly float _middle;
        private readonly float _closeness;
        private readonly float _main;
        private readonly bool _toTheLeft;
        private readonly Vector2 _sun;

        public Drawing(Scene scene, SceneWords words, Canvas canvas)
        {
            (_scene, _words, _canvas) = (scene, words, canvas);
            (_layout, _mood) = (new Dice(scene.Layout), new Dice(scene.Mood));
            _palette = Palette.For(words.Daytime, scene.Variant).Shifted(scene.Warmth);
            _dark = words.Daytime is Daytime.Night or Daytime.Dusk;
            _snowy = words.Has(Things.Snow);
            _props = new Props(_palette, _dark, _snowy, scene.Detailed);
            int v = scene.Variant;
            _horizon = canvas.Height * (Choose(v, 0.6f, 0.66f, 0.54f, 0.7f) + _layout.Between(-0.02f, 0.02f));
            _middle = _horizon + ((canvas.Height - _horizon) * 0.3f);
            _closeness = Choose(v, 1, 0.78f, 1.3f, 0.62f) * _layout.Between(0.95f, 1.05f);
            _main = canvas.Width * (Choose(v, 0.3f, 0.72f, 0.56f, 0.42f) + _layout.Between(-0.04f, 0.04f));
            _toTheLeft = v % 2 == 1;
            float sunHeight = words.Daytime is Daytime.Dawn or Daytime.Dusk ? Choose(v, 0.14f, 0.06f, 0.2f, 0.1f) : Choose(v, 0.36f, 0.45f, 0.42f, 0.5f);
            _sun = new(canvas.Width * (Choose(v, 0.72f, 0.26f, 0.2f, 0.76f) + _layout.Between(-0.05f, 0.05f)), _horizon - (sunHeight * canvas.Height));
        }

        private float Width => _canvas.Width;

        private float Height => _canvas.Height;

        public void All()
        {
            if (_words.Has(Things.Space))
            {
                Space();
                return;
            }
            Sky();
            if (Any(Things.Mountain))
                Part(Mountains);
            if (Any(Things.City))
                Part(Skyline);
            if (Any(Things.Sea) || (_words.Things & ~Things.Snow & ~Things.Fog) == Things.City)
                Part(Sea);
            else
                Part(Land);
            Weather();
            if (Any(Things.Cat))
                Part(Windowsill);
        }

        /// <summary>Draws with dice of its own, so that a part looks the same whatever else there is.</summary>
        private void Part(Action draw)
        {
            var before = _layout;
            _layout = new Dice(_scene.Layout ^ SeededDraw.Hash(draw.Method.Name));
            draw();
            _layout = before;
        }

        private static float Choose(int variant, params ReadOnlySpan<float> values) => values[variant % values.Length];

        private bool Any(Things thing) => _words.Has(thing);

        private Pen At(float x, float y, float size, bool mirrored = false) => new(_canvas, new(x, y), size, mirrored);

        private void Band(Paint paint, float top, float bottom) => _canvas.Fill(paint, new(-2, top), new(Width + 2, top), new(Width + 2, bottom), new(-2, bottom));

        /// <summary>Everything below a curve.</summary>
        private void Hill(Paint paint, float level, Func<float, float> curve)
        {
            var outline = new List<Vector2> { new(-1.5f, Height + 1.5f) };
            for (float x = -1.5f; x <= Width + 1.5f; x += 0.02f)
                outline.Add(new(x, level + curve(x)));
            outline.Add(new(Width + 1.5f, Height + 1.5f));
            _canvas.FillAll(paint, [outline]);
        }

        private void Sky()
        {
            Band(_palette.Horizon, _horizon, Height + 1);
            Band(new Paint(_palette.Middle, _palette.Horizon), _horizon * 0.6f, _horizon + 0.02f);
            Band(new Paint(_palette.Top, _palette.Middle), -0.5f, (_horizon * 0.6f) + 0.01f);
            if (_words.Daytime == Daytime.Night)
            {
                for (int i = 0; i < 130; i++)
                    At(_mood.Between(-0.5f, Width + 0.5f), _mood.Between(-0.3f, _horizon), _mood.Between(0.002f, 0.006f)).Box(Paint.Clear(_palette.Sun, _mood.Between(0.3f, 1)), 0, 0, 1, 1);
            }
            float size = _words.Daytime is Daytime.Dawn or Daytime.Dusk ? 0.15f : 0.12f;
            _canvas.Glow(_sun, size * 4.5f, _palette.Sun, _words.Daytime == Daytime.Night ? 0.35f : 0.6f);
            At(_sun.X, _sun.Y, size).Oval(_palette.Sun, 0, 0, 1, 1);
            if (_words.Daytime == Daytime.Night && _scene.Variant % 2 == 1)
                At(_sun.X, _sun.Y, size).Oval(Vector3.Lerp(_palette.Top, _palette.Middle, 0.75f), 0.28f, 0.14f, 0.9f, 0.9f);
            Clouds();
            for (int i = 0; _scene.Birds && i < 7; i++)
            {
                var bird = At(Width * (0.3f + (SeededUnit(900 + i) * 0.4f)), _horizon * (0.25f + (SeededUnit(910 + i) * 0.3f)), 0.045f + (SeededUnit(920 + i) * 0.035f));
                bird.Curve(_palette.Top * 0.45f, (0, 0), (0.25f, 0.4f), (0.55f, 0.15f), 0.08f);
                bird.Curve(_palette.Top * 0.45f, (0, 0), (-0.25f, 0.4f), (-0.55f, 0.15f), 0.08f);
            }
        }

        private void Clouds()
        {
            for (int i = 0, count = 2 + (int)(_mood.Next() * 4); i < count; i++)
            {
                var cloud = At(_mood.Between(-0.1f, Width + 0.1f), _mood.Between(0.06f, _horizon * 0.75f), _mood.Between(0.1f, 0.24f));
                var color = Vector3.Lerp(_palette.Horizon, _words.Daytime == Daytime.Night ? _palette.Middle : _palette.Sun, 0.5f);
                for (int puff = 0; puff < 7; puff++)
                    cloud.Oval(Paint.Clear(color, 0.38f), _mood.Between(-0.9f, 0.9f), _mood.Between(-0.05f, 0.12f), _mood.Between(0.7f, 1.5f), _mood.Between(0.14f, 0.3f));
            }
        }

        private void Mountains()
        {
            for (int range = 0; range < 2; range++)
            {
                float far = range == 0 ? 0.55f : 0.2f, height = (range == 0 ? 0.4f : 0.26f) * (0.75f + (_closeness * 0.3f));
                for (float x = -0.4f + _layout.Between(0, 0.3f); x < Width + 0.4f; x += _layout.Between(0.26f, 0.42f))
                    Peak(At(x, _horizon + 0.02f, height * _layout.Between(0.7f, 1.15f)), _palette.Far(0x596175, far), _palette.Far(0xf4f7fc, far * 0.6f));
            }
        }

        private void Peak(Pen pen, Vector3 rock, Vector3 snow)
        {
            float half = _layout.Between(0.75f, 1.05f), lean = _layout.Between(-0.15f, 0.15f), foot = _layout.Between(0, 0.25f);
            bool lightLeft = _sun.X < pen.Foot.X;
            pen.Shape(rock * (lightLeft ? 1.1f : 0.75f), (-half, 0), (-half * 0.5f, 0.42f), (lean - 0.1f, 0.86f), (lean, 1), (foot, 0));
            pen.Shape(rock * (lightLeft ? 0.75f : 1.1f), (lean, 1), (lean + 0.14f, 0.82f), (half * 0.55f, 0.4f), (half, 0), (foot, 0));
            pen.Shape(snow, (lean, 1), (lean + 0.14f, 0.82f), (lean + 0.26f, 0.7f), (lean + 0.14f, 0.72f), (lean + 0.07f, 0.6f), (lean - 0.02f, 0.72f), (lean - 0.1f, 0.62f), (lean - 0.2f, 0.68f), (lean - 0.1f, 0.86f));
            pen.Shape(Paint.Clear(rock, 0.45f), (lean, 1), (lean + 0.14f, 0.82f), (lean + 0.26f, 0.7f), (lean + 0.14f, 0.72f), (lean + 0.07f, 0.6f));
            for (int i = 0; _scene.Detailed && i < 8; i++)
                pen.Line(Paint.Clear(rock * 0.55f, 0.6f), lean + (i * 0.05f) - 0.2f, 0.55f - (i % 3 * 0.12f), lean + (i * 0.06f) - 0.26f, 0.4f - (i % 3 * 0.12f), 0.008f);
        }

        private void Skyline()
        {
            for (int row = 0; row < 3; row++)
            {
                float far = 0.7f - (row * 0.3f);
                for (float x = -0.3f; x < Width + 0.3f;)
                {
                    float width = _layout.Between(0.06f, 0.13f) * (0.6f + (_closeness * 0.4f));
                    float middle = 1 - Math.Min(1, Math.Abs(x - _main) / Width * 1.6f);
                    float height = (0.1f + (middle * 0.26f) + _layout.Between(0, 0.2f)) * (1.1f - (row * 0.16f)) * (0.75f + (_closeness * 0.25f));
                    _props.Tower(At(x + (width / 2), _horizon + 0.01f, height), _layout, width / height, Math.Max(0.04f, far));
                    x += width * _layout.Between(0.95f, 1.3f);
                }
            }
        }

        private void Sea()
        {
            float far = _layout.Between(0.03f, 0.08f);
            if (!Any(Things.City))
                Coast(_palette.Far(_snowy ? 0xf2f6fc : 0x5a6f72, 0.62f), _toTheLeft ? -0.2f : Width * 0.35f, _toTheLeft ? Width * 0.62f : Width + 0.2f, far);
            if (Any(Things.Harbor) || Any(Things.House))
                Part(Quay);
            if (Any(Things.Lighthouse))
                Part(Headland);
            if (Any(Things.Train))
                Part(Viaduct);
            var water = Vector3.Lerp(_palette.Lit(0x3f7f98), Vector3.Lerp(_palette.Middle, _palette.Top, 0.5f), 0.45f);
            _canvas.Mirror(_horizon, water, 0.62f, _scene.Variant * 1.7f);
            Glints();
            if (Any(Things.Boat))
                Part(Boats);
            if (Any(Things.Harbor))
                Part(Pier);
            else if (Any(Things.Forest) || Any(Things.Flower) || Any(Things.Desert))
                Part(Shore);
        }

        private void Coast(Vector3 color, float left, float right, float height)
        {
            var curve = _layout.Curve(height * 0.5f, 0.5f, 3);
            var outline = new List<Vector2> { new(left, _horizon) };
            for (float x = left; x < right; x += 0.01f)
                outline.Add(new(x, _horizon - (MathF.Sin((x - left) / (right - left) * MathF.PI) * (height + curve(x)))));
            outline.Add(new(right, _horizon));
            _canvas.FillAll(color, [outline]);
        }

        private void Headland()
        {
            float rise = 0.11f * _closeness, edge = 0.36f * _closeness, side = _toTheLeft ? -1 : 1;
            var rock = _palette.Lit(_snowy ? 0xcfd8e6 : 0x5d5148);
            var roughness = _layout.Curve(0.022f, 0.16f, 3);
            // It falls to the sea on one side and leaves the picture on the other.
            var top = new List<Vector2>();
            for (float along = -3; along < edge; along += 0.012f)
            {
                float slope = Math.Clamp((edge - along) / (edge * 0.55f), 0, 1);
                top.Add(new(_main + (along * side), _horizon - (MathF.Sqrt(slope) * (rise + (0.04f * Math.Min(1, -Math.Min(0, along + 0.1f) * 2)) + roughness(along)))));
            }
            _canvas.FillAll(rock * 0.8f, [[new(_main - (3 * side), _horizon), .. top, new(_main + (edge * side), _horizon)]]);
            var grass = _palette.Lit(_snowy ? 0xf4f7fd : 0x6f8a45);
            _canvas.FillAll(grass, [[.. top, .. top.AsEnumerable().Reverse().Select((point, i) => point + new Vector2(0, 0.024f + (0.006f * MathF.Sin(i * 0.7f))))]]);
            float ground = _horizon - rise;
            _props.House(At(_main - (0.24f * _closeness * side), ground - 0.008f, 0.13f * _closeness), _layout);
            _props.Lighthouse(At(_main, ground + 0.015f, Math.Min(0.43f * _closeness, ground - 0.04f)), _toTheLeft ? -1 : 1);
        }

        private void Quay()
        {
            float height = 0.035f * _closeness, left = _toTheLeft ? Width * 0.25f : -0.5f, right = _toTheLeft ? Width + 0.5f : Width * 0.75f;
            for (float x = left + 0.08f; x < right - 0.05f; x += _layout.Between(0.13f, 0.17f) * _closeness)
                _props.House(At(x, _horizon - height + 0.002f, _layout.Between(0.13f, 0.2f) * _closeness), _layout);
            _canvas.Fill(_palette.Lit(0x7a7068), new(left, _horizon - height), new(right, _horizon - height), new(right, _horizon), new(left, _horizon));
            _canvas.Fill(_palette.Lit(0xa89c8c), new(left, _horizon - height), new(right, _horizon - height), new(right, _horizon - (height * 0.75f)), new(left, _horizon - (height * 0.75f)));
        }

        private void Viaduct()
        {
            float deck = 0.1f * _closeness;
            var stone = _palette.Lit(0x8a7b6c);
            for (float x = -0.5f; x < Width + 0.5f; x += 0.16f)
                At(x, _horizon, deck).Box(stone * 0.8f, -0.12f, 0, 0.24f, 1);
            _canvas.Fill(stone, new(-1, _horizon - deck), new(Width + 1, _horizon - deck), new(Width + 1, _horizon - (deck * 0.7f)), new(-1, _horizon - (deck * 0.7f)));
            _props.Train(At(TrainFront, _horizon - deck, 0.17f * _closeness, _toTheLeft), _layout, 9);
        }

        private float TrainFront => Width * (_toTheLeft ? 0.34f : 0.66f);

        private void Glints()
        {
            for (int i = 0; i < 90; i++)
            {
                float depth = _mood.Next(), y = _horizon + 0.006f + (depth * depth * (Height - _horizon));
                bool path = i % 3 != 0;
                float x = path ? _sun.X + (_mood.Between(-1, 1) * (0.03f + (depth * 0.12f))) : _mood.Between(0, Width);
                float length = (0.02f + (depth * 0.07f)) * _mood.Between(0.6f, 1.3f);
                At(x, y, length).Oval(Paint.Clear(path ? _palette.Sun : _palette.Horizon, path ? 0.5f : 0.22f), 0, 0, 1, 0.1f);
            }
            for (int i = 0; _scene.Detailed && i < 260; i++)
            {
                float depth = SeededUnit(i * 2), y = _horizon + 0.006f + (depth * (Height - _horizon));
                At(SeededUnit((i * 2) + 1) * Width, y, 0.02f + (depth * 0.03f)).Oval(Paint.Clear(i % 2 == 0 ? _palette.Horizon : _palette.Top * 0.5f, 0.25f), 0, 0, 1, 0.07f);
            }
        }

        /// <summary>For details: numbers that do not change what comes after them.</summary>
        private float SeededUnit(int number) => (float)SeededDraw.Unit(_scene.Layout ^ 0xD37A11, (ulong)number);

        private void Boats()
        {
            int boats = Any(Things.Harbor) ? 4 : 2 + (_scene.Variant % 2);
            for (int i = 0; i < boats; i++)
            {
                float depth = (i + 0.6f) / (boats + 0.6f);
                float y = _horizon + 0.02f + (depth * Math.Max(0.08f, Height - _horizon - 0.22f));
                float x = i == boats - 1 && !Any(Things.Lighthouse) ? _main : Width * ((_layout.Next() * 0.28f) + (0.62f * ((i + _scene.Variant) % 3 / 2f)) + 0.05f);
                var boat = At(x, y, (0.09f + (depth * 0.2f)) * (0.6f + (_closeness * 0.4f)), _layout.Next() < 0.5f);
                boat.Oval(Paint.Clear(_palette.Top * 0.35f, 0.4f), 0, -0.05f, 0.95f, 0.14f);
                _props.Boat(boat, _layout, sails: !Any(Things.Harbor) || i % 2 == 1);
                boat.Oval(Paint.Clear(_palette.Horizon, 0.35f), 0, -0.03f, 0.8f, 0.03f);
            }
        }

        private void Pier()
        {
            float x = _toTheLeft ? Width * 0.1f : Width * 0.9f, end = _toTheLeft ? Width * 0.4f : Width * 0.6f, y = _horizon + 0.05f;
            var (wood, half) = (_palette.Lit(0x7b5d43), 0.17f);
            _canvas.Fill(new Paint(wood * 1.15f, wood * 0.8f), new(end - 0.02f, y), new(end + 0.02f, y), new(x + half, Height + 0.02f), new(x - half, Height + 0.02f));
            for (float t = 0.08f; t < 1; t += 0.11f)
            {
                float at = t * t, middle = end + ((x - end) * at), level = y + ((Height - y) * at), wide = 0.02f + ((half - 0.02f) * at);
                _canvas.Fill(wood * 0.62f, new(middle - wide, level), new(middle + wide, level), new(middle + wide, level + 0.004f + (at * 0.006f)), new(middle - wide, level + 0.004f + (at * 0.006f)));
                foreach (float side in (ReadOnlySpan<float>)[-1, 1])
                    At(middle + (side * wide), level + (0.08f * at), 0.03f + (at * 0.17f)).Box(wood * 0.55f, -0.07f, 0, 0.14f, 1);
            }
        }

        private void Shore()
        {
            var ground = _palette.Lit(_snowy ? 0xeaf0f9 : Any(Things.Desert) ? 0xd9b27a : 0x56763c);
            Hill(new Paint(ground, ground * 0.7f), Height - 0.24f, _layout.Curve(0.05f, 1.3f, 3));
            Growth(Height - 0.2f, Height - 0.05f, 9);
        }

        private void Land()
        {
            var ground = _palette.Lit(_snowy ? 0xeef3fb : Any(Things.Desert) ? 0xdca462 : Any(Things.Forest) ? 0x557a40 : 0x7c9c4a);
            var far = Vector3.Lerp(ground, _palette.Horizon, 0.5f);
            Hill(new Paint(far, ground * 0.9f), _horizon, _layout.Curve(Any(Things.Desert) ? 0.05f : 0.025f, 0.9f, 3));
            if (Any(Things.Forest) || _snowy)
                Row(_horizon + 0.02f, 0.13f, 26, 0.5f);
            Hill(new Paint(Vector3.Lerp(ground, _palette.Horizon, 0.2f), ground * 0.8f), _middle - 0.03f, _layout.Curve(0.035f, 1.1f, 3));
            if (Any(Things.House))
                Part(Village);
            if (Any(Things.Train))
                Part(Railway);
            if (!Any(Things.Forest) && !Any(Things.Flower) && !Any(Things.Desert) && !_snowy && !Any(Things.House))
                return;
            // What is near must not hide a train.
            float near = Math.Max(Height - 0.23f, _middle + (Any(Things.Train) ? 0.13f : 0.05f));
            Hill(new Paint(ground, ground * 0.62f), near, _layout.Curve(0.03f, 1.4f, 2));
            Growth(Any(Things.Train) ? near + 0.03f : _middle + 0.04f, Height - 0.08f, Any(Things.Flower) ? 46 : Any(Things.Train) ? 6 : 9);
        }

        private void Village()
        {
            for (int i = 0; i < 3; i++)
                _props.House(At(_main + ((i - 1) * 0.25f * _closeness), _middle + 0.02f + (i % 2 * 0.03f), (i == 1 ? 0.26f : 0.17f) * _closeness), _layout);
        }

        private void Railway()
        {
            float level = _middle + 0.07f;
            var gravel = _palette.Lit(_snowy ? 0xc3ccd9 : 0x857a6c);
            _canvas.Fill(new Paint(gravel, gravel * 0.75f), new(-1, level), new(Width + 1, level), new(Width + 1, level + 0.04f), new(-1, level + 0.04f));
            for (float x = -0.5f; x < Width + 0.5f; x += 0.035f)
                At(x, level + 0.012f, 0.018f).Box(_palette.Lit(0x4a3a30), 0, 0, 1, 0.5f);
            _canvas.Fill(_palette.Lit(0x9aa2ae), new(-1, level - 0.003f), new(Width + 1, level - 0.003f), new(Width + 1, level + 0.003f), new(-1, level + 0.003f));
            _props.Train(At(TrainFront, level, 0.26f * (0.55f + (_closeness * 0.45f)), _toTheLeft), _layout, 5);
        }

        /// <summary>Trees far away, as one dark edge.</summary>
        private void Row(float level, float size, int count, float far)
        {
            var color = _palette.Far(_snowy ? 0x8ea2b5 : 0x2f5540, far);
            for (int i = 0; i < count; i++)
            {
                var tree = At(((i + _layout.Between(-0.4f, 0.4f)) / (count - 1) * (Width + 0.4f)) - 0.2f, level + _layout.Between(0, 0.02f), size * _layout.Between(0.6f, 1.1f));
                tree.Shape(color * _layout.Between(0.9f, 1.08f), (-0.25f, 0), (0.25f, 0), (0, 1));
            }
        }

        /// <summary>What grows on the ground, from far to near.</summary>
        private void Growth(float top, float bottom, int count)
        {
            for (int i = 0; i < count; i++)
            {
                float depth = (i + _layout.Next()) / count, y = top + (depth * depth * (bottom - top));
                float x = _layout.Between(-0.05f, Width + 0.05f);
                if (Any(Things.Flower))
                    _props.Flower(At(x, y + 0.04f, 0.05f + (depth * 0.2f)), _layout);
                else if (Any(Things.Desert))
                    Sprout(i, At(x, y, 0.08f + (depth * 0.2f)));
                else
                    Wood(At(Beside(x, depth), y, (0.16f + (depth * 0.3f)) * (0.7f + (_closeness * 0.3f))), i);
            }
        }

        /// <summary>Near trees stand at the sides, so that they do not hide the rest.</summary>
        private float Beside(float x, float depth)
        {
            float side = Math.Abs(x - (Width / 2)) / (Width / 2), least = Any(Things.Forest) ? depth * 0.45f : 0.35f + (depth * 0.35f);
            return (Width / 2) + (Math.Sign(x - (Width / 2)) * (Width / 2) * (least + (side * (1.02f - least))));
        }

        private void Sprout(int number, Pen pen)
        {
            if (number % 2 == 0)
                _props.Cactus(pen);
            else
                pen.Oval(_palette.Lit(0x8c6238), 0, 0.08f, 0.4f, 0.22f);
        }

        private void Wood(Pen pen, int number)
        {
            pen.Oval(Paint.Clear(_palette.Top * 0.25f, 0.3f), 0.05f, 0.01f, 0.6f, 0.07f);
            if (_snowy || Any(Things.Mountain) || (number + _scene.Variant) % 3 != 0)
                _props.Pine(pen, _layout);
            else
                _props.Tree(pen, _layout);
        }

        private void Weather()
        {
            for (int i = 0; Any(Things.Fog) && i < 4; i++)
                At(_mood.Between(0, Width), _horizon + _mood.Between(-0.12f, 0.1f), 1).Oval(Paint.Clear(_palette.Horizon, 0.32f), 0, 0, 1.8f, _mood.Between(0.1f, 0.22f));
            for (int i = 0; _snowy && i < 150; i++)
                At(_mood.Between(0, Width), _mood.Between(0, Height), _mood.Between(0.004f, 0.013f)).Oval(Paint.Clear(Color(0xffffff), _mood.Between(0.45f, 0.95f)), 0, 0, 1, 1);
        }

        /// <summary>The scene is outside; a cat sits inside, in front of it.</summary>
        private void Windowsill()
        {
            float sill = Height - 0.3f, left = Width * Choose(_scene.Variant, 0.1f, 0.16f, 0.06f, 0.2f), right = Width - (Width * Choose(_scene.Variant, 0.14f, 0.08f, 0.18f, 0.1f)), top = 0.08f;
            var wall = _palette.Lit(Choose(_scene.Variant, 0xb98f74, 0x8fa0a8, 0xa9a07c, 0xa98a9c) is var tone ? (int)tone : 0);
            var frame = _palette.Lit(0xf2e9da);
            Band(wall, -1, top);
            _canvas.Fill(wall, new(-2, -1), new(left, -1), new(left, Height + 1), new(-2, Height + 1));
            _canvas.Fill(wall, new(right, -1), new(Width + 2, -1), new(Width + 2, Height + 1), new(right, Height + 1));
            Band(new Paint(wall * 0.75f, wall * 0.55f), sill, Height + 1);
            float bar = 0.028f, middle = (left + right) / 2, across = top + ((sill - top) * 0.36f);
            foreach (var (x0, y0, x1, y1) in (ReadOnlySpan<(float, float, float, float)>)[(left, top, right, top + bar), (left, top, left + bar, sill), (right - bar, top, right, sill), (middle - (bar / 2), top, middle + (bar / 2), sill), (left, across, right, across + bar)])
            {
                _canvas.Fill(frame, new(x0, y0), new(x1, y0), new(x1, y1), new(x0, y1));
                _canvas.Fill(Paint.Clear(_palette.Top * 0.3f, 0.28f), new(x1 - 0.007f, y0), new(x1, y0), new(x1, y1), new(x1 - 0.007f, y1));
            }
            Curtain(left, 1);
            Curtain(right, -1);
            _canvas.Fill(new Paint(frame, frame * 0.85f), new(left - 0.06f, sill), new(right + 0.06f, sill), new(right + 0.1f, sill + 0.055f), new(left - 0.1f, sill + 0.055f));
            _canvas.Fill(frame * 0.65f, new(left - 0.1f, sill + 0.055f), new(right + 0.1f, sill + 0.055f), new(right + 0.1f, sill + 0.075f), new(left - 0.1f, sill + 0.075f));
            Pot(At(_main > Width / 2 ? left + 0.2f : right - 0.2f, sill + 0.03f, 0.2f));
            float cat = Math.Clamp(_main, left + 0.2f, right - 0.2f);
            At(cat, sill + 0.035f, 0.36f).Oval(Paint.Clear(_palette.Top * 0.2f, 0.35f), 0.06f, 0, 0.8f, 0.08f);
            _props.Cat(At(cat, sill + 0.035f, 0.34f * (0.6f + (_closeness * 0.4f)), _toTheLeft), _layout);
        }

        private void Curtain(float x, float side)
        {
            var cloth = _palette.Lit(Choose(_scene.Variant, 0xc2564a, 0xd8c27a, 0x5f8a86, 0x8a6aa6) is var tone ? (int)tone : 0);
            float sill = Height - 0.27f;
            _canvas.Fill(new Paint(cloth, cloth * 0.8f), new(x - (side * 0.09f), 0.03f), new(x + (side * 0.15f), 0.03f), new(x + (side * 0.12f), 0.3f), new(x + (side * 0.02f), sill), new(x - (side * 0.09f), sill));
            for (int fold = 0; fold < 4; fold++)
                _canvas.Fill(Paint.Clear(cloth * 0.6f, 0.5f), new(x + (side * ((fold * 0.05f) - 0.07f)), 0.03f), new(x + (side * ((fold * 0.05f) - 0.05f)), 0.03f), new(x + (side * ((fold * 0.025f) - 0.075f)), sill));
            _canvas.Fill(_palette.Lit(0x5a4030), new(-1, 0.02f), new(Width + 1, 0.02f), new(Width + 1, 0.035f), new(-1, 0.035f));
        }

        private void Pot(Pen pen)
        {
            for (int i = 0; i < 7; i++)
                pen.Curve(_palette.Lit(i % 2 == 0 ? 0x4d8a4a : 0x3d7440), (0, 0.4f), ((i - 3) * 0.06f, 0.8f), ((i - 3) * 0.17f, 0.72f + (i % 3 * 0.12f)), 0.07f);
            pen.Shape(_palette.Lit(0xb8603c), (-0.2f, 0), (0.2f, 0), (0.26f, 0.42f), (-0.26f, 0.42f));
            pen.Box(_palette.Lit(0xcf7248), -0.29f, 0.36f, 0.58f, 0.1f);
        }

        private void Space()
        {
            Band(new Paint(Color(0x070a1c), Vector3.Lerp(Color(0x101436), _palette.Top, 0.35f)), -1, Height + 1);
            foreach (int color in (ReadOnlySpan<int>)[0x5a2f8f, 0x1f5f9a, 0x9a2f6a, 0x1f8a86])
                _canvas.Glow(new(_mood.Between(0, Width), _mood.Between(0, Height)), _mood.Between(0.3f, 0.7f), Color(color), 0.5f);
            for (int i = 0; i < 220; i++)
                At(_mood.Between(-0.3f, Width + 0.3f), _mood.Between(-0.3f, Height + 0.3f), _mood.Between(0.002f, 0.008f)).Oval(Paint.Clear(Color(0xffffff), _mood.Between(0.3f, 1)), 0, 0, 1, 1);
            int[] planets = [0xd98a4a, 0x4a8fc0, 0xb05a7a, 0x6aa86a];
            Planet(At(_sun.X, Height * Choose(_scene.Variant, 0.3f, 0.24f, 0.55f, 0.36f), 0.34f * _closeness), Color(planets[_scene.Variant % 4]), _scene.Variant % 2 == 0);
            Planet(At(Width - _sun.X, Height * 0.2f, 0.1f), Color(planets[(_scene.Variant + 1) % 4]), false);
            if (Any(Things.Rocket))
                _props.Rocket(At(_main, Height * Choose(_scene.Variant, 0.66f, 0.7f, 0.62f, 0.64f), 0.42f * (0.6f + (_closeness * 0.4f))));
        }

        private void Planet(Pen pen, Vector3 color, bool ringed)
        {
            pen.Glow(color, 0, 0, 0.85f, 0.4f);
            pen.Oval(new Paint(color * 1.2f, color * 0.5f), 0, 0, 1, 1);
            for (int i = 0; i < (_scene.Detailed ? 9 : 5); i++)
            {
                float y = 0.36f - (i % 5 * 0.17f) - (i / 5 * 0.08f), half = MathF.Sqrt(0.25f - (y * y)) * 0.95f;
                pen.Oval(Paint.Clear(color * (i % 2 == 0 ? 0.6f : 1.3f), 0.35f), 0, y, half * 2, i < 5 ? 0.06f : 0.02f);
            }
            if (ringed)
            {
                pen.Curve(Paint.Clear(Color(0xf0dcb8), 0.75f), (-0.85f, 0.14f), (0, -0.36f), (0.85f, 0.14f), 0.05f);
                pen.Curve(Paint.Clear(Color(0xc8a878), 0.6f), (-0.75f, 0.13f), (0, -0.26f), (0.75f, 0.13f), 0.03f);
            }
        }
    }
}
