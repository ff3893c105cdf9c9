"""The emoji that the playground knows by their Slack names; others stay as they were typed."""

import re

CODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?")

_TABLE = """
+1 👍 -1 👎 100 💯 airplane ✈️ alarm_clock ⏰ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️
arrow_up ⬆️ arrows_counterclockwise 🔄 art 🎨 balloon 🎈 bar_chart 📊 bell 🔔 no_bell 🔕
beers 🍻 blue_heart 💙 blush 😊 book 📖 bookmark 🔖 books 📚 briefcase 💼 bug 🐛 bulb 💡
busts_in_silhouette 👥 bust_in_silhouette 👤 calendar 📆 spiral_calendar_pad 🗓️ date 📅
card_index 📇 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 clap 👏
clipboard 📋 clock3 🕒 clock9 🕘 closed_lock_with_key 🔐 coffee ☕ computer 💻
construction 🚧 cry 😢 dart 🎯 door 🚪 earth_africa 🌍 email ✉️ envelope ✉️ eyes 👀
exclamation ❗ file_folder 📁 fire 🔥 gear ⚙️ globe_with_meridians 🌐 green_heart 💚
grey_question ❔ grinning 😀 hammer_and_wrench 🛠️ handshake 🤝 hash #️⃣ heart ❤️
heavy_check_mark ✔️ heavy_minus_sign ➖ heavy_multiplication_x ✖️ heavy_plus_sign ➕
herb 🌿 hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 inbox_tray 📥 incoming_envelope 📨
information_source ℹ️ joy 😂 key 🔑 label 🏷️ large_blue_circle 🔵 large_green_circle 🟢
large_orange_circle 🟠 large_purple_circle 🟣 large_red_square 🟥 large_yellow_circle 🟡
laughing 😆 link 🔗 lock 🔒 loudspeaker 📢 mag 🔍 mega 📣 memo 📝 pencil 📝 pencil2 ✏️
moneybag 💰 muscle 💪 mute 🔇 new 🆕 no_entry ⛔ no_entry_sign 🚫 ok 🆗 ok_hand 👌
outbox_tray 📤 package 📦 page_facing_up 📄 page_with_curl 📃 paperclip 📎 party_popper 🎉
point_down 👇 point_left 👈 point_right 👉 point_up ☝️ pray 🙏 pushpin 📌 question ❓
raised_hand ✋ raised_hands 🙌 red_circle 🔴 rocket 🚀 rotating_light 🚨 round_pushpin 📍
scales ⚖️ scroll 📜 seedling 🌱 shield 🛡️ slightly_frowning_face 🙁
slightly_smiling_face 🙂 smile 😄 smiley 😃 sparkles ✨ speech_balloon 💬
spiral_note_pad 🗒️ star ⭐ star2 🌟 stopwatch ⏱️ sunglasses 😎 sunny ☀️ tada 🎉
technologist 🧑‍💻 thinking_face 🤔 thumbsdown 👎 thumbsup 👍 timer_clock ⏲️ trophy 🏆
unlock 🔓 wastebasket 🗑️ warning ⚠️ wave 👋 white_check_mark ✅ ballot_box_with_check ☑️
white_circle ⚪ black_circle ⚫ wink 😉 wrench 🔧 writing_hand ✍️ x ❌ yellow_heart 💛 zap ⚡
zzz 💤 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
"""

_WORDS = _TABLE.split()
EMOJI = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def with_emoji(text: str) -> str:
    """The text with every known `:name:` as its character."""
    return CODE.sub(lambda found: EMOJI.get(found[1], found[0]), text)
