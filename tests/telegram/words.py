"""What patients say and press in each language, and the words by which they know what they are told."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One language. Labels are whole; what the bot says is known by a part of it.

    slot, booked, reminder and see_you are about Tuesday 24 November, 17:00, what begins with "invited" about Wednesday
    25 November, 9:00. ends_these: what ends every invitation. receipt, visit: names of files.
    """

    may_we_remind: str
    may_we_ask_after: str
    how_often: str
    yes: str
    when_due: str
    noted: str
    receipt: str
    wants_time: str
    times: str
    slot: str
    booked: str
    visit: str
    ends_these: str
    invited_for: str
    invited_slot: str
    invited_booked: str
    has_new_mobile: str
    mobile: str
    right: str
    mobile_kept: str
    reminder: str
    coming: str
    see_you: str
    check_in: str
    all_well: str
    glad: str
    stop: str
    stopped: str
    who: str
    share: str
    name_and_birth: str
    looked_up: str
    known_now: str


WORDS: Mapping[Language, Words] = {
    Language.EN: Words(
        may_we_remind="May we write to you when the next check-up is due?",
        may_we_ask_after="After a visit, may we send you a message",
        how_often="How often, at most?",
        yes="Yes, please",
        when_due="When it is due",
        noted="that is noted",
        receipt="messages.txt",
        wants_time="after 5 on any day but friday",
        times="Which suits you better?",
        slot="Tue 24 Nov, 17:00",
        booked="Your appointment is booked: Tuesday 24 November, 17:00",
        visit="appointment.ics",
        ends_these="“Stop” ends these messages.",
        invited_for="Wednesday 25 November, 9:00",
        invited_slot="Wed 25 Nov, 9:00",
        invited_booked="Your appointment is booked: Wednesday 25 November, 9:00",
        has_new_mobile="by the way, my new mobile is +44 7700 900123",
        mobile="+44 7700 900123",
        right="Yes, that is right",
        mobile_kept="we have your new mobile number",
        reminder="we look forward to your visit on Tuesday 24 November, 17:00",
        coming="I will be there",
        see_you="See you on Tuesday 24 November, 17:00",
        check_in="is all well after your visit?",
        all_well="All is well",
        glad="glad",
        stop="please stop these messages",
        stopped="we will send you no more of these messages",
        who="share your phone number with the button below",
        share="Share my phone number",
        name_and_birth="Anna Example, 2 May 1984",
        looked_up="One of us will check this",
        known_now="now we know who is writing",
    ),
    Language.FR: Words(
        may_we_remind="Pouvons-nous vous écrire quand il sera temps",
        may_we_ask_after="vous demander par message si tout va bien",
        how_often="À quel rythme pouvons-nous vous contacter",
        yes="Oui, volontiers",
        when_due="Le moment venu",
        noted="Merci, c’est noté.",
        receipt="messages.txt",
        wants_time="après 17h, n'importe quel jour sauf vendredi",
        times="Que préférez-vous",
        slot="Mar. 24 nov. à 17\N{NO-BREAK SPACE}h",
        booked="nous vous attendons le mardi 24 novembre à 17\N{NO-BREAK SPACE}h",
        visit="rendez-vous.ics",
        ends_these="Pour arrêter ces messages",
        invited_for="mercredi 25 novembre à 9\N{NO-BREAK SPACE}h",
        invited_slot="Mer. 25 nov. à 9\N{NO-BREAK SPACE}h",
        invited_booked="nous vous attendons le mercredi 25 novembre à 9\N{NO-BREAK SPACE}h",
        has_new_mobile="je voudrais changer mon numéro de portable : +33 6 39 98 00 22",
        mobile="+33 6 39 98 00 22",
        right="Oui, c’est exact",
        mobile_kept="votre nouveau numéro",
        reminder="nous vous attendons le mardi 24 novembre à 17\N{NO-BREAK SPACE}h",
        coming="Oui, je viendrai",
        see_you="Merci, nous vous attendons le mardi 24 novembre",
        check_in="comment vous allez depuis votre visite",
        all_well="Tout va bien",
        glad="voilà une bonne nouvelle",
        stop="arrêtez de m'écrire svp",
        stopped="vous ne recevrez plus ces messages",
        who="partager votre numéro avec le bouton ci-dessous",
        share="Partager mon numéro",
        name_and_birth="Anna Exemple, née le 2 mai 1984",
        looked_up="Quelqu’un de l’équipe vérifie",
        known_now="nous savons maintenant qui nous écrit",
    ),
    Language.NL: Words(
        may_we_remind="Mogen we u een bericht sturen als het tijd is",
        may_we_ask_after="Mogen we u na een bezoek een bericht sturen",
        how_often="Hoe vaak wilt u hooguit van ons horen?",
        yes="Ja, graag",
        when_due="Telkens als het tijd is",
        noted="dat is genoteerd",
        receipt="berichten.txt",
        wants_time="na vijven, maakt niet uit welke dag behalve vrijdag",
        times="Wat komt u het beste uit?",
        slot="Di 24 nov, 17 uur",
        booked="Uw afspraak staat genoteerd: dinsdag 24 november om 17 uur",
        visit="afspraak.ics",
        ends_these="Stuur ‘stop’ als u deze berichten niet wilt.",
        invited_for="woensdag 25 november om 9 uur",
        invited_slot="Wo 25 nov, 9 uur",
        invited_booked="Uw afspraak staat genoteerd: woensdag 25 november om 9 uur",
        has_new_mobile="mijn nieuwe nummer is 06 12345678",
        mobile="+31 6 12345678",
        right="Ja, dat klopt",
        mobile_kept="we hebben uw nieuwe mobiele nummer genoteerd",
        reminder="we zien u graag op dinsdag 24 november om 17 uur",
        coming="Ik kom",
        see_you="tot ziens op dinsdag 24 november om 17 uur",
        check_in="gaat het goed met u na uw bezoek?",
        all_well="Alles gaat goed",
        glad="Fijn",
        stop="stop met deze berichten aub",
        stopped="u krijgt deze berichten niet meer",
        who="kunt u met de knop hieronder uw telefoonnummer delen",
        share="Mijn nummer delen",
        name_and_birth="Anna Voorbeeld, 2 mei 1984",
        looked_up="Iemand van ons team kijkt dit na",
        known_now="nu weten we wie u bent",
    ),
    Language.RU: Words(
        may_we_remind="Можно писать Вам, когда подойдёт время",
        may_we_ask_after="Можно через несколько дней после визита",
        how_often="Как часто можно с Вами связываться?",
        yes="Да, можно",
        when_due="Когда пора на осмотр",
        noted="Спасибо, записали.",
        receipt="сообщения.txt",
        wants_time="после пяти в любой день кроме пятницы",
        times="Какой удобнее?",
        slot="Вт, 24 ноября, 17:00",
        booked="Вы записаны: ждём Вас во вторник, 24 ноября, в 17:00",
        visit="визит.ics",
        ends_these="Чтобы отписаться, напишите «стоп».",
        invited_for="в среду, 25 ноября, в 9:00",
        invited_slot="Ср, 25 ноября, 9:00",
        invited_booked="Вы записаны: ждём Вас в среду, 25 ноября, в 9:00",
        has_new_mobile="у меня новый номер +7 900 000-00-22",
        mobile="+7 900 000-00-22",
        right="Да, верно",
        mobile_kept="новый мобильный номер записан",
        reminder="ждём Вас во вторник, 24 ноября, в 17:00",
        coming="Я приду",
        see_you="Спасибо, ждём Вас во вторник, 24 ноября, в 17:00",
        check_in="как Вы себя чувствуете после визита?",
        all_well="Всё хорошо",
        glad="рад",
        stop="пожалуйста, больше не пишите мне",
        stopped="таких сообщений больше не будет",
        who="отправьте, пожалуйста, свой номер телефона кнопкой ниже",
        share="Отправить мой номер",
        name_and_birth="Анна Образцова, 2 мая 1984",
        looked_up="Сотрудник проверит и ответит Вам здесь",
        known_now="теперь мы знаем, кто нам пишет",
    ),
}
