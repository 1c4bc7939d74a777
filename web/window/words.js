// What the page says: validity, warnings and what to do at the window, each in Japanese and English. docs/guide/reception.md has the
// same words for a person to read; the codes are those of the field's messages (docs/format/oqs-messages.md). Nothing here says that
// somebody pays all: what is not confirmed is not denied.
'use strict';

const WORDS = {
  validity: {
    1: { tone: 'good', do: ['表示の負担割合で会計します。', 'Charge the share shown.'] },
    2: { tone: 'stop', do: ['新しい保険があるか、本人にたずねます。全額負担という意味ではありません。', 'Ask about a new insurance. It does not mean that the patient pays everything.'] },
    3: { tone: 'stop', mark: ['新しい資格', 'newer'], do: ['新しい資格確認書などを見せてもらい、その番号でもう一度確かめます。', 'Ask for the new certificate and check again with its numbers.'] },
    4: { tone: 'stop', do: ['まず入力の誤り（番号、生年月日の元号）を確かめます。全額負担という意味ではありません。', 'Suspect a typing error first: numbers, the era of the birth date. It does not mean that the patient pays everything.'] },
    5: { tone: 'stop', do: ['同じ番号・生年月日の人が二人以上います（双子など）。枝番を入れてもう一度確かめます。', 'More than one person has these numbers (twins). Enter the branch and check again.'] },
    6: { tone: 'mind', mark: ['医療券なし', 'no ticket'], do: ['医療扶助の資格はあります。今月の医療券を福祉事務所に確認します。', "Medical aid is there; ask the welfare office for this month's ticket."] },
  },
  warnings: {
    MDOW0001W: { en: 'Newer coverage is registered', do: ['新しい資格確認書などを見せてもらい、もう一度確かめます。', 'Ask for the new certificate and check again.'] },
    MDOW0002W: { en: 'No medical ticket is registered', do: ['福祉事務所に確認します。', 'Ask the welfare office.'] },
    MDOW0003W: { en: 'The coverage ends within a month', do: ['次の来院までに変わることを伝え、新しい保険が決まったら知らせてもらいます。', 'Say that it will change, and ask to be told of the new insurance.'] },
    MDOW0004W: { en: 'The certificate has ended; the coverage is valid', do: ['資格はあり、負担割合も同じです。新しい資格確認書などの受け取りをすすめます。', 'Coverage and share stand. Suggest getting the new certificate.'] },
    MDOW0005W: { en: 'The certificate ends within three months', do: ['更新を知らせます。今日の会計は変わりません。', "Tell about the renewal. Today's charge does not change."] },
    MDOW0006W: { en: 'Turns 75 within a month and moves to the elderly scheme', do: ['誕生日から番号が変わります。次は新しい資格確認書などを持ってきてもらいます。', 'The numbers change on the birthday: ask for the new certificate next time.'] },
    MDOW0007W: { en: 'No elderly recipient certificate is registered', do: ['表示の割合（登録の割合か 2 割）で会計し、保険者に登録を確かめるようすすめます。', 'Charge the share shown and suggest asking the insurer about the registration.'] },
    MDOW0008W: { en: 'Special medical expense', do: ['保険者が決めた特別な扱いです。窓口での扱いと払い戻しを、保険者に確かめてから案内します。', 'A decision of the insurer: ask the insurer how it is handled and refunded before telling the patient.'] },
    MDOW0009W: { en: "Another insurer's coverage overlaps", do: ['どちらの保険を使うか、本人に確かめます。', 'Ask the patient which insurance is to be used.'] },
    MDOW0021W: { en: 'The My Number Card or its certificate ends within three months', do: ['期限と、市区町村の窓口での更新を知らせます。更新しなくても資格確認書が届きます。', 'Tell the date and that the municipality renews it. Without renewal a certificate comes by post.'] },
    MDOW0022W: { en: "The card's certificate has ended; for eligibility it can still be used", do: ['今日は使えます。更新をすすめます。更新しなくても、使えなくなる前に資格確認書が届きます。', 'It can be used today. Suggest renewal; without it a certificate comes by post in time.'] },
    MDOW0023W: { en: 'An eligibility certificate will be sent; until then this answer is enough', do: ['この回答で会計します。カードや資格確認書がなくても、割合は同じです。', 'Charge by this answer. The share is the same without a card or a certificate.'] },
  },
  silent: {
    title: ['センターが応答しません', 'The centre does not answer'],
    calm: ['この方の資格は、まだ確かめられていません。資格がないという意味ではありません。', "This patient's coverage is not confirmed yet. That does not mean there is none."],
    do: [
      ['受付も診療も、いつもどおり続けられます。', 'Reception and treatment go on as usual.'],
      ['資格確認書・資格情報のお知らせ・マイナポータルの画面、または前回の確認の内容で、保険者と負担割合を控えます。', "Note insurer and share from a certificate, a notice, the portal's screen, or the last check."],
      ['どれもないときは、資格申立書を書いてもらい、申し立ての割合（1〜3 割）で会計できます。', 'With none of these, take a written statement (資格申立書) and charge the share stated, 10–30 %.'],
      ['何もしなくても、この画面がくりかえし尋ねます。答えはこの方の欄にだけ出ます。', "Nothing to do here: the page asks again by itself, and the answer appears in this patient's row alone."],
    ],
    certificate: ['この受付の証明書が、センターに通りません。運用の担当者に知らせてください。', "The centre does not accept this reception's certificate. Please tell the operator."],
  },
  paper: {
    mark: ['（紙）', ' (paper)'],
    kinds: { certificate: ['資格確認書', 'an eligibility certificate'], notice: ['資格情報のお知らせ', 'a notice of coverage'] },
    notice: ['お知らせは、マイナンバーカードとあわせて見せてもらいます。', 'A notice is shown together with the My Number Card.'],
    note: ['保険者の電子署名を確かめました。センターの答えが届くと、そちらに替わります。', "The insurer's signature is good. The centre's answer takes its place when it comes."],
    spent: ['この紙は使えません。資格がないという意味ではありません。', 'This paper cannot be used. That does not mean there is no coverage.'],
    several: ['コードが二つ以上写っています。一枚だけの写真を選んでください。', 'More than one code is in it. Choose a picture of one paper.'],
    none: ['二次元コードが見つかりません。コードに近づけて、もう一度撮ってください。', 'No 2D code was found. Take it again, closer to the code.'],
    picture: ['この写真は読めません。', 'This picture cannot be read.'],
  },
  remembered: {
    mark: ['（控え）', ' (remembered)'],
    note: ['センターが応答しないので、控えを示しています。このまま会計できます。つながると自動で尋ね直します。', 'The centre does not answer, so this is what it told before. Go on as usual; it is asked again by itself.'],
    changed: ['応答がないあいだに示した内容から変わりました。ご確認ください。', 'This differs from what was shown while the centre was silent. Please look again.'],
  },
  desk: {
    mark: ['受付待ち', 'waits'],
    who: { card: ['カードの方', 'Holds a card'], paper: ['紙をお持ちの方', 'Holds a paper'], nothing: ['何もお持ちでない方', 'Has nothing along'] },
    title: { card: ['カードをお持ちの方です', 'Somebody with a card'], paper: ['紙をお持ちの方です', 'Somebody with a paper'], nothing: ['何もお持ちでない方です', 'Somebody with nothing along'] },
    do: {
      card: [['カードの写真と本人を見比べます（目視確認）。確かめたら、入力欄の「目視で確かめた」に印を付けます。', 'Compare the picture on the card with the person, then tick the visual check in the form.']],
      face: [['顔認証の機器が「はい」と答えました。写真を見比べる必要はありません。', 'The face reader said yes. There is no need to compare the picture.']],
      paper: [['資格確認書か資格情報のお知らせの番号を入力します。紙はその場で返します。', 'Type the numbers of the certificate or notice, and give the paper back.']],
      nothing: [['名前と生年月日、加入している保険をたずねます。番号がわからなければ、資格申立書を書いてもらい、申し立ての割合（1〜3 割）で会計できます。', 'Ask for name, birth date and insurance. Without numbers, take a written statement (資格申立書) and charge the share stated, 10–30 %.']],
    },
    always: ['どの方法でも、資格の答えと負担割合は同じです。', 'Whichever way: the answer and the share are the same.'],
  },
  waiting: { title: ['確かめています', 'Checking'], calm: ['センターに尋ねています。', 'The centre is being asked.'] },
  refused: {
    title: ['答えを受け取れませんでした', 'No answer could be taken'],
    calm: ['この問い合わせには資格の答えがありません。資格がないという意味ではありません。', 'There is no answer about coverage. That does not mean there is none.'],
    do: ['入力を見直して、もう一度確かめます。', 'Look at what was typed and check again.'],
  },
  centre: {
    unasked: ['センター: まだ尋ねていません', 'Centre: not asked yet'],
    answers: ['センター: つながっています', 'Centre: connected'],
    silent: ['センター: 応答なし（くりかえし尋ねています）', 'Centre: silent (being asked again)'],
    away: ['この計算機の窓（mado window）が止まっています', 'The window on this machine (mado window) has stopped'],
  },
  fields: {
    symbol: ['記号', 'Symbol'], number: ['番号', 'Number'], branch: ['枝番', 'Branch'],
    name: ['氏名', 'Name'], own_number: ['患者番号（照会番号）', 'Patient number'],
  },
  grades: {
    form: ['書き方の違い', 'written differently'],
    unknown: ['カルテにありません', 'missing in the chart'],
    other: ['違います', 'different'],
  },
  certificates: {
    elderly: ['高齢受給者証', 'Elderly recipient certificate'], limit: ['限度額適用認定証', 'Limit certificate'],
    disease: ['特定疾病療養受療証', 'Specific disease certificate'], ticket: ['医療券・調剤券', 'Medical ticket'],
  },
};
